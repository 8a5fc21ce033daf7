import type { Status } from "@cityroot/core/state/record";
import { nameOf } from "../api/read/json.ts";
import { breakable, largeCode } from "./code-text.ts";
import { type Html, html } from "./html.ts";
import { jsonLdScript } from "./json-ld-script.ts";
import { renderPage } from "./layout.ts";
import { linkTo, type PageContext } from "./page-context.ts";
import { aliasSection } from "./section/aliases.ts";
import { belowSection, lastNode } from "./section/below.ts";
import { descentSection } from "./section/descent.ts";
import { detailSections, reportAddress } from "./section/details.ts";
import { historySection } from "./section/history.ts";
import { proofPanel } from "./section/proof.ts";
import type { CodePageData, NamedCode } from "./view-model.ts";

/** The page of a code that was issued. */
export function renderCodePage(context: PageContext, data: CodePageData): string {
  const { text } = context.formats;
  const { code, standing, descent } = data;
  const { record } = standing;
  const isEarlier = standing.kind === "record" && !standing.isCurrent;
  const main = html`<div class="page ${record.status}">
<article class="identity" aria-labelledby="title">
${meantNote(context, data.typed)}
${isEarlier && html`<p class="note">${text("code.earlier")} <a href="${linkTo(context, `/${code}`)}">${text("code.earlier.current")}</a></p>`}
${identity(context, data)}
${banners(context, data)}
${intervalNote(context, data)}
</article>
<aside>${proofPanel(context, {
    code,
    kind: standing.kind,
    version: record.version,
    status: record.status,
    moment: data.moment,
  })}
${descentSection(context, descent, code)}</aside>
<div class="sections">${detailSections(context, record)}
${aliasSection(context, data.aliases)}
${belowSection(context, code, data.below, data.at.belowAfter)}
${historySection(context, data)}</div>
</div>`;
  return renderPage(context, {
    title: `${titleOf(context, data).text} · ${code}`,
    main,
    hasSearch: true,
    hasScript: true,
    data: jsonLdScript(data.linkedData),
    links: html`<a href="/v1/codes/${code}${data.moment !== "" && `?${data.moment}`}">${text("footer.json")}</a> `,
  });
}

/** What a reader typed, where it was not the code itself. */
export function meantNote({ formats }: PageContext, typed: string | undefined): Html | false {
  return typed !== undefined && html`<p class="note">${formats.text("code.meant", { typed })}</p>`;
}

function titleOf({ formats }: PageContext, { standing }: CodePageData): { language: string; text: string } {
  const name = nameOf(standing.record);
  if (name !== undefined) return formats.pick(name);
  const named = formats.className(standing.record.class);
  return { language: formats.language, text: formats.text("code.unnamed", { class: named }) };
}

function identity(context: PageContext, data: CodePageData): Html {
  const { formats } = context;
  const { text, className } = formats;
  const { record } = data.standing;
  const title = titleOf(context, data);
  const others = (nameOf(record) ?? []).filter(([language]) => language !== title.language);
  const report = reportAddress(record);
  return html`<p class="kicker">${className(record.class)}</p>
<h1 id="title" lang="${title.language}" data-title>${title.text}</h1>
${others.length > 0 && html`<p class="others">${others.map(([language, name]) => html`<span lang="${language}">${name}</span> `)}</p>`}
<div class="number-row">${largeCode(data.code)}<button type="button" class="copy" hidden data-copy="${data.code}"><span>${text("code.copy")}</span><span hidden>${text("code.copied")}</span></button></div>
<dl class="facts"><div><dt class="hidden">${text("code.status")}</dt><dd>${statusMark(context, record.status)}</dd></div>${holderFact(context, data)}</dl>
${report !== undefined && html`<p><a class="button strong" href="${report}" rel="noopener noreferrer external">${text("code.report")}</a></p>`}`;
}

function statusMark({ formats }: PageContext, status: Status): Html {
  return html`<span class="status ${status}">${formats.text(`status.${status}`)}</span>`;
}

function holderFact({ formats }: PageContext, { code, transferredTo, descent }: CodePageData): Html | false {
  const nearest = descent[descent.length - 1];
  const holder = transferredTo ?? nearest?.holder;
  // The proof shows the prefixes above a code: whose holder it is not, it cannot be held against.
  const isFromAbove = transferredTo === undefined && nearest?.prefix !== code;
  if (holder === undefined) return false;
  const called = formats.pick(holder.name);
  return html`<div><dt>${formats.text("code.held")}</dt><dd lang="${called.language}"${isFromAbove && html` data-holder`}>${called.text}</dd>${transferredTo !== undefined && html`<dd class="small">${formats.text("code.transferred")}</dd>`}</div>`;
}

function banners(context: PageContext, data: CodePageData): Html {
  const { text, token } = context.formats;
  const { record } = data.standing;
  const { status, reason } = record;
  const broken = data.descent.find(({ prefix, entry }) => prefix !== data.code && entry.status !== "active");
  return html`${
    status !== "active" &&
    html`<div class="banner ${status}" role="note"><p><strong>${text(`banner.${status}`)}</strong> ${text(`banner.${status}.text`)}</p>
${reason !== null && html`<p>${text("banner.reason", { reason: token(reason) })}</p>`}
${record.succession !== null && html`<p><strong>${text(`successor.${record.succession.kind}`)}</strong></p><ul>${data.successors.map((one) => namedLink(context, one))}</ul>`}</div>`
  }${
    broken !== undefined &&
    broken.entry.status !== "active" &&
    html`<div class="banner suspended" role="note"><p>${text(`banner.prefix.${broken.entry.status}`, { prefix: broken.prefix })}</p></div>`
  }`;
}

/** A link to a code with its name. */
export function namedLink(context: PageContext, { code, name }: NamedCode): Html {
  const called = name === undefined ? undefined : context.formats.pick(name);
  return html`<li><a href="${linkTo(context, `/${code}`)}"><code translate="no">${breakable(code)}</code>${called !== undefined && html` <span lang="${called.language}">${called.text}</span>`}</a></li>`;
}

function intervalNote({ formats }: PageContext, { standing, code, descent }: CodePageData): Html | false {
  const { text, number } = formats;
  if (standing.kind === "record") {
    return descent[descent.length - 1]?.prefix === code && html`<p class="note">${text("code.prefix")}</p>`;
  }
  const { count, first, last, type } = standing.interval;
  return html`<p class="note">${text(type === "range" ? "code.range" : "code.batch", { count: number(count), first: lastNode(first), last: lastNode(last) })}</p>`;
}
