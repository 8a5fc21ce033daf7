import { systemOf } from "@cityroot/codes/systems/systems";
import { type Alias, aliasStandingOf } from "@cityroot/core/state/alias";
import { type Html, html } from "../html.ts";
import { linkTo, type PageContext } from "../page-context.ts";
import type { AliasesShown, ClaimShown } from "../view-model.ts";
import { schemeLabel } from "./attribute-value.ts";

/** Claims that a page shows; the rest is one step away. */
export const ALIASES_SHOWN = 20;

/** Which legacy codes the code is claimed to have, by whom and since when; nothing where nobody claims any. */
export function aliasSection(context: PageContext, { code, claims, isAll }: AliasesShown): Html | false {
  if (claims.length === 0) return false;
  const { text } = context.formats;
  return html`<section aria-labelledby="aliases-title" id="aliases"><h2 id="aliases-title">${text("section.aliases")}</h2><ul class="plain aliases">
${claims.map((claim) => claimItem(context, claim))}</ul>
${!isAll && html`<p><a href="/v1/aliases/${code}">${text("aliases.all")}</a></p>`}</section>`;
}

function claimItem(context: PageContext, { alias, holder, isContested }: ClaimShown): Html {
  const { formats } = context;
  const { text, time, pick } = formats;
  const { system, value, relation, claimant, claimed } = alias;
  const standing = aliasStandingOf(alias);
  const who = holder === undefined ? { language: "", text: claimant as string } : pick(holder.name);
  return html`<li><strong>${systemOf(system)?.title[formats.language] ?? schemeLabel(formats, system)}</strong> <code translate="no">${value}</code> <em class="mark ${standing}">${text(`alias.${standing}`)}</em>
${relation !== "same-as" && html` <span class="small">${text(`alias.${relation}`)}</span>`}
${isContested && html` <strong class="mark disputed">${text("alias.contested")}</strong>`}
<span class="small">${text("alias.by")} <a href="${linkTo(context, `/${claimant}`)}">${who.text}</a> · <time datetime="${new Date(claimed.timeMs).toISOString()}">${time(claimed.timeMs)}</time>${daysOf(context, alias)}</span></li>`;
}

function daysOf({ formats }: PageContext, { from, until }: Alias): Html | false {
  if (from === null && until === null) return false;
  return html` · ${formats.text("alias.days", { from: from ?? "…", until: until ?? "…" })}`;
}
