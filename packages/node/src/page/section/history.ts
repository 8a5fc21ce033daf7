import type { AttributeName, Attributes } from "@cityroot/core/attribute/attribute";
import type { AttributeValue } from "@cityroot/core/attribute/attribute-type";
import { type CborValue, encodeCbor } from "@cityroot/core/cbor";
import { bytesToHex } from "@cityroot/core/hex";
import type { Record } from "@cityroot/core/state/record";
import { attributesOf } from "../../api/read/json.ts";
import { type Html, html } from "../html.ts";
import { linkTo, type PageContext } from "../page-context.ts";
import type { CodePageData } from "../view-model.ts";
import { attributeLabel, plainValue } from "./attribute-value.ts";

/** Versions that a page shows at a time. */
export const HISTORY_SHOWN = 5;

/** What changed when, newest first. One version more than is shown is given, to tell what the oldest shown changed. */
export function historySection(context: PageContext, data: CodePageData): Html {
  const { formats } = context;
  const { text } = formats;
  const { records } = data.history;
  const shown = records.slice(0, HISTORY_SHOWN);
  const next = records.length > HISTORY_SHOWN ? shown[shown.length - 1]!.version : null;
  const path = `/${data.code}`;
  return html`<section class="history" aria-labelledby="history-title" id="history"><h2 id="history-title">${text("section.history")}</h2><ol reversed>
${shown.map((record, at) => versionItem(context, data, record, records[at + 1]))}</ol>
${
  (next !== null || data.at.historyBefore !== undefined) &&
  html`<p class="pager">${data.at.historyBefore !== undefined && html`<a href="${linkTo(context, path)}#history">${text("history.newest")}</a>`}${next !== null && html`<a rel="next" href="${linkTo(context, path, { "history-before": String(next) })}#history">${text("history.older")}</a>`}</p>`
}</section>`;
}

function versionItem(
  context: PageContext,
  data: CodePageData,
  record: Record,
  before: Record | undefined,
): Html {
  const { formats } = context;
  const { text, number, time } = formats;
  const { version, since } = record;
  const changes = before === undefined ? [text("history.issued")] : changesOf(context, data, before, record);
  const address = linkTo(context, `/${data.code}`, { version: String(version) });
  return html`<li value="${version}"><a href="${address}"><strong>${text("history.version", { version })}</strong></a>
<span class="small"><time datetime="${new Date(since.timeMs).toISOString()}">${time(since.timeMs)}</time> · ${text("history.block", { height: number(since.height) })}</span>
<ul>${(changes.length === 0 ? [text("history.nothing")] : changes).map((change) => html`<li>${change}</li>`)}</ul></li>`;
}

/** What a version changed, in words. */
function changesOf({ formats }: PageContext, data: CodePageData, before: Record, after: Record): string[] {
  const { text, token, pick } = formats;
  const changes: string[] = [];
  if (before.status !== after.status) {
    const reason = after.reason === null || after.status === "active" ? "" : ` (${token(after.reason)})`;
    changes.push(text(`status.${after.status}`) + reason);
  }
  changes.push(...attributeChanges(formats, attributesOf(before), attributesOf(after)));
  if (!isSame(before.links, after.links)) changes.push(text("history.links"));
  if (!isSame(before.commitments, after.commitments)) changes.push(text("history.commitments"));
  if (after.holder !== null && !isSame(before.holder, after.holder)) {
    changes.push(text("history.transferred", { holder: pick(data.holderOf(after.holder).name).text }));
  }
  return changes;
}

function attributeChanges(formats: PageContext["formats"], before: Attributes, after: Attributes): string[] {
  const { text } = formats;
  const old = new Map<AttributeName, AttributeValue>(before);
  const changes: string[] = [];
  for (const [name, value] of after) {
    const label = attributeLabel(formats, name);
    const earlier = old.get(name);
    old.delete(name);
    if (earlier === undefined) {
      changes.push(text("history.set", { label, after: plainValue(formats, name, value) }));
    } else if (!isSame(earlier as CborValue, value as CborValue)) {
      const values = { before: plainValue(formats, name, earlier), after: plainValue(formats, name, value) };
      changes.push(text("history.changed", { label, ...values }));
    }
  }
  for (const name of old.keys())
    changes.push(text("history.removed", { label: attributeLabel(formats, name) }));
  return changes;
}

/** One value has one encoding. */
function isSame(a: CborValue, b: CborValue): boolean {
  return bytesToHex(encodeCbor(a)) === bytesToHex(encodeCbor(b));
}
