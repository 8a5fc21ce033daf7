import type { Code } from "@cityroot/codes/ma/code";
import { nameOf } from "../../api/read/json.ts";
import type { ListedEntry, ListPart } from "../../api/read/nearest-below.ts";
import { breakable } from "../code-text.ts";
import { type Html, html } from "../html.ts";
import { linkTo, type PageContext } from "../page-context.ts";

/** Codes below that a page shows at a time. */
export const BELOW_SHOWN = 50;

/** What was issued right below a code; nothing where nothing was. */
export function belowSection(
  context: PageContext,
  code: Code,
  part: ListPart,
  after: Code | undefined,
): Html | false {
  const { text } = context.formats;
  if (part.entries.length === 0 && after === undefined) return false;
  const path = `/${code}`;
  return html`<section class="below" aria-labelledby="below-title" id="below"><h2 id="below-title">${text("section.below")}</h2>
${part.entries.length === 0 && html`<p>${text("below.none")}</p>`}
<ul>${part.entries.map((entry) => entryItem(context, code, entry))}</ul>
${
  (part.next !== null || after !== undefined) &&
  html`<p class="pager">${after !== undefined && html`<a href="${linkTo(context, path)}#below">${text("below.first")}</a>`}${part.next !== null && html`<a rel="next" href="${linkTo(context, path, { after: part.next })}#below">${text("below.next")}</a>`}</p>`
}</section>`;
}

function entryItem(context: PageContext, parent: Code, entry: ListedEntry): Html {
  const { formats } = context;
  const { text, number, className, pick } = formats;
  const about = entry.kind === "record" ? entry.record : entry.interval;
  const name = nameOf(about);
  const called =
    name === undefined ? { language: formats.language, text: className(about.class) } : pick(name);
  const { interval } = entry;
  const status = entry.kind === "record" ? entry.record.status : "active";
  return html`<li><a href="${linkTo(context, `/${entry.code}`)}"><code>${breakable(entry.code.slice(parent.length))}</code> <span${called.language !== formats.language && html` lang="${called.language}"`}>${called.text}</span></a>
${interval !== undefined && html` <span class="small">${text("below.range", { count: number(interval.count), first: lastNode(interval.first), last: lastNode(interval.last) })}</span>`}
${status !== "active" && html` <em class="mark ${status}">${text(`status.${status}`)}</em>`}</li>`;
}

/** The last node of a code: what differs among the codes of a range or batch. */
export function lastNode(code: Code): string {
  return code.slice(Math.max(code.lastIndexOf("."), code.lastIndexOf("/")) + 1);
}
