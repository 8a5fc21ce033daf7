import type { Fault } from "@cityroot/codes/fault";
import type { Code } from "@cityroot/codes/ma/code";
import type { MessageName } from "./catalogue/en.ts";
import { largeCode } from "./code-text.ts";
import { type Html, html } from "./html.ts";
import { renderPage, searchBox } from "./layout.ts";
import { linkTo, type PageContext } from "./page-context.ts";

/** A text that is no code: what came, what is wrong with it, and the code that was probably meant. */
export type MalformedPageData = {
  readonly typed: string;
  readonly fault: Fault;
  readonly meant: Code | undefined;
};

const SHOWN_MAX = 160;

/** The page of a text that is no code. */
export function renderMalformedPage(
  context: PageContext,
  { typed, fault, meant }: MalformedPageData,
): string {
  const { text } = context.formats;
  const { at } = fault;
  const main = html`<div class="page narrow malformed">
<article class="identity" aria-labelledby="title">
<p class="kicker">${text("malformed.kicker")}</p>
<h1 id="title">${text("malformed.title")}</h1>
<p class="number typed" translate="no">${markedText(typed, at)}</p>
${at !== undefined && html`<p>${text("malformed.where", { at: at + 1, shown: characterAt(context, typed, at) })}</p>`}
<p><strong>${text("malformed.expected")}</strong><br>${text(messageOfField(fault.field))}</p>
${
  meant !== undefined &&
  html`<div class="banner active"><p><strong>${text("malformed.meant")}</strong></p><a href="${linkTo(context, `/${meant}`)}">${largeCode(meant)}</a></div>`
}
</article>
${searchBox(context, typed.slice(0, SHOWN_MAX), "large")}
</div>`;
  return renderPage(context, { title: text("malformed.title"), main, hasSearch: false, hasScript: false });
}

/** The text with the character at fault marked; a long one is cut around it. */
function markedText(typed: string, at: number | undefined): Html {
  if (at === undefined) return html`${typed.slice(0, SHOWN_MAX)}`;
  const from = at > SHOWN_MAX - 20 ? at - 40 : 0;
  const character = String.fromCodePoint(typed.codePointAt(at) ?? 0x20);
  const after = typed.slice(at + character.length, from + SHOWN_MAX);
  return html`${from > 0 && "…"}${typed.slice(from, at)}<mark>${at < typed.length ? character : "\u00a0"}</mark>${after}`;
}

/** The character at fault by sight and number, since many look like others. */
function characterAt({ formats }: PageContext, typed: string, at: number): string {
  const point = typed.codePointAt(at);
  if (point === undefined) return formats.text("malformed.end");
  const number = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  return point > 0x20 && point !== 0x7f ? `${String.fromCodePoint(point)} (${number})` : number;
}

const FIELDS: readonly (readonly [RegExp, MessageName])[] = [
  [/^agency$/, "malformed.field.agency"],
  [/^country$/, "malformed.field.country"],
  [/^root/, "malformed.field.root"],
  [/^object\.use$/, "malformed.field.use"],
  [/^object\.category$/, "malformed.field.category"],
  [/^object\.model$/, "malformed.field.model"],
  [/^object\.product$/, "malformed.field.product"],
  [/^custom/, "malformed.field.custom"],
  [/^path$/, "malformed.field.path"],
];

/** What belongs where a fault is, in words of the page's language. */
function messageOfField(field: string): MessageName {
  return FIELDS.find(([pattern]) => pattern.test(field))?.[1] ?? "malformed.field.code";
}
