import type { AttributeName } from "@cityroot/core/attribute/attribute";
import type { AttributeValue, Point } from "@cityroot/core/attribute/attribute-type";
import type { Legacy } from "@cityroot/core/attribute/legacy";
import type { Text } from "@cityroot/core/attribute/text";
import { bytesToHex } from "@cityroot/core/hex";
import type { Description } from "@cityroot/core/state/record";
import { attributesOf } from "../../api/read/json.ts";
import { RELATION_NAMES } from "../catalogue/names.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page-context.ts";
import { attributeLabel, attributeValue, schemeLabel } from "./attribute-value.ts";
import { placeSection } from "./place.ts";

/** Attributes that have a place of their own on the page. */
const ELSEWHERE: readonly AttributeName[] = ["name", "place", "legacy"];

/** What is said of a thing, beyond its name. */
export function detailSections(context: PageContext, description: Description): Html {
  const attributes = attributesOf(description);
  const place = attributes.find(([name]) => name === "place")?.[1] as Point | undefined;
  const legacy = attributes.find(([name]) => name === "legacy")?.[1] as Legacy | undefined;
  const others = attributes.filter(([name]) => !ELSEWHERE.includes(name));
  return html`${others.length > 0 && attributeSection(context, others)}
${place !== undefined && placeSection(context, place)}
${legacy !== undefined && legacySection(context, legacy)}
${linkSection(context, description)}
${commitmentSection(context, description)}`;
}

function attributeSection(
  context: PageContext,
  attributes: readonly (readonly [AttributeName, AttributeValue])[],
): Html {
  const { formats } = context;
  return html`<section aria-labelledby="details-title"><h2 id="details-title">${formats.text("section.details")}</h2><dl>
${attributes.map(
  ([name, value]) =>
    html`<div><dt>${attributeLabel(formats, name)}</dt><dd>${attributeValue(context, name, value)}</dd></div>`,
)}</dl></section>`;
}

function legacySection({ formats }: PageContext, legacy: Legacy): Html {
  return html`<section aria-labelledby="legacy-title"><h2 id="legacy-title">${formats.text("section.legacy")}</h2><dl>
${legacy.map(
  ([scheme, value]) =>
    html`<div><dt>${schemeLabel(formats, scheme)}</dt><dd><code translate="no">${value}</code></dd></div>`,
)}</dl></section>`;
}

type LinkRow = readonly [
  rel: string,
  href: string,
  type: string | null,
  lang: string | null,
  title: Text | null,
];

/** The links of a description: what entered the state was checked, so that its form is known. */
function linksOf(description: Description): readonly LinkRow[] {
  return description.links as unknown as readonly LinkRow[];
}

/** Where problems with the thing are reported, if its record says. */
export function reportAddress(description: Description): string | undefined {
  const link = linksOf(description).find(([rel]) => rel === "help");
  return link !== undefined && isHttps(link[1]) ? link[1] : undefined;
}

function linkSection({ formats }: PageContext, description: Description): Html | false {
  const links = linksOf(description).filter(([rel, href]) => rel !== "help" && isHttps(href));
  if (links.length === 0) return false;
  const { language } = formats;
  return html`<section aria-labelledby="links-title"><h2 id="links-title">${formats.text("section.links")}</h2><ul class="plain">
${links.map(([rel, href, type, lang, title]) => {
  const called = title === null ? undefined : formats.pick(title);
  const relation = RELATION_NAMES[rel]?.[language] ?? rel;
  return html`<li><a href="${href}" rel="noopener noreferrer external"${lang !== null && html` hreflang="${lang}"`}${called !== undefined && html` lang="${called.language}"`}>${called?.text ?? relation}</a> <span class="small">${called !== undefined && `${relation} · `}${hostOf(href)}${type !== null && ` · ${type}`}</span></li>`;
})}</ul></section>`;
}

/** Only what the ledger takes: no other scheme ever becomes a link. */
function isHttps(href: string): boolean {
  return href.startsWith("https://");
}

function hostOf(href: string): string {
  return href.slice("https://".length).split(/[/?#]/)[0]!;
}

function commitmentSection({ formats }: PageContext, description: Description): Html | false {
  const commitments = description.commitments as readonly (readonly [string, Uint8Array])[];
  if (commitments.length === 0) return false;
  return html`<section aria-labelledby="protected-title"><h2 id="protected-title">${formats.text("section.protected")}</h2>
<p class="small">${formats.text("protected.text")}</p><dl>
${commitments.map(
  ([name, digest]) =>
    html`<div><dt>${formats.token(name)}</dt><dd><code class="hex" translate="no">${bytesToHex(digest)}</code></dd></div>`,
)}</dl></section>`;
}
