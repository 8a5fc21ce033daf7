import { unreachable } from "@cityroot/core/assert";
import { ATTRIBUTES, type AttributeName } from "@cityroot/core/attribute/attribute";
import type { AttributeType, AttributeValue, Point } from "@cityroot/core/attribute/attribute-type";
import type { Legacy } from "@cityroot/core/attribute/legacy";
import type { Text } from "@cityroot/core/attribute/text";
import { bytesToHex } from "@cityroot/core/hex";
import { ATTRIBUTE_NAMES, SCHEME_NAMES } from "../catalogue/names.ts";
import { breakable } from "../code-text.ts";
import type { Formats } from "../format.ts";
import { type Html, html, join } from "../html.ts";
import { linkTo, type PageContext } from "../page-context.ts";

/** What an attribute is called. */
export function attributeLabel({ language }: Formats, name: AttributeName): string {
  return ATTRIBUTE_NAMES[name][language];
}

/** What another coding system is called. */
export function schemeLabel({ language, token }: Formats, scheme: string): string {
  return SCHEME_NAMES[scheme]?.[language] ?? token(scheme);
}

/** The value of an attribute as markup, with links and the languages that texts are in. */
export function attributeValue(context: PageContext, name: AttributeName, value: AttributeValue): Html {
  const type: AttributeType = ATTRIBUTES[name];
  switch (type.kind) {
    case "text":
      return textValue(context, value as Text);
    case "code":
      return html`<a href="${linkTo(context, `/${value as string}`)}"><code translate="no">${breakable(value as string)}</code></a>`;
    case "digest":
      return html`<code translate="no" class="hex">${bytesToHex(value as Uint8Array)}</code>`;
    case "token":
      return html`${capitalise(plainValue(context.formats, name, value))}`;
    default:
      return html`${plainValue(context.formats, name, value)}`;
  }
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text in the page's language, and in the others that it has. */
function textValue({ formats }: PageContext, text: Text): Html {
  const first = formats.pick(text);
  const others = text.filter(([language]) => language !== first.language);
  const texts = [[first.language, first.text] as const, ...others];
  return join(
    texts.map(
      ([language, one], at) => html`<span lang="${language}"${at > 0 && html` class="other"`}>${one}</span>`,
    ),
    html`<br>`,
  );
}

const TEXT_SHOWN_MAX = 60;

/** The value of an attribute in a few words. */
export function plainValue(formats: Formats, name: AttributeName, value: AttributeValue): string {
  const type: AttributeType = ATTRIBUTES[name];
  switch (type.kind) {
    case "text":
      return shorten(formats.pick(value as Text).text);
    case "token":
      return formats.token(value as string);
    case "integer":
      return name.endsWith("-mm")
        ? formats.text("value.metres", { value: formats.number((value as number) / 1_000) })
        : formats.number(value as number);
    case "year":
      return String(value);
    case "place": {
      const [latitude, longitude] = value as Point;
      return `${formats.degrees(latitude, "latitude")}, ${formats.degrees(longitude, "longitude")}`;
    }
    case "digest":
      return `${bytesToHex(value as Uint8Array).slice(0, 12)}…`;
    case "legacy":
      return (value as Legacy).map(([scheme, code]) => `${schemeLabel(formats, scheme)} ${code}`).join(", ");
    case "code":
    case "media-type":
      return value as string;
    default:
      return unreachable(type);
  }
}

function shorten(text: string): string {
  return text.length <= TEXT_SHOWN_MAX ? text : `${text.slice(0, TEXT_SHOWN_MAX - 1)}…`;
}
