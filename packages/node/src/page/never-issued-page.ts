import { meantNote, namedLink } from "./code-page.ts";
import { largeCode } from "./code-text.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";
import type { PageContext } from "./page-context.ts";
import { belowSection } from "./section/below.ts";
import { descentSection } from "./section/descent.ts";
import { proofPanel } from "./section/proof.ts";
import type { NeverIssuedPageData } from "./view-model.ts";

/** The page of a code that was never issued. */
export function renderNeverIssuedPage(context: PageContext, data: NeverIssuedPageData): string {
  const { text } = context.formats;
  const { code, descent, nearest } = data;
  const main = html`<div class="page never">
<article class="identity" aria-labelledby="title">
${meantNote(context, data.typed)}
<p class="kicker">${text("never.kicker")}</p>
<h1 id="title">${text("never.title")}</h1>
<div class="number-row">${largeCode(code)}</div>
<p class="lead">${text("never.text")}</p>
</article>
<aside>${proofPanel(context, { code, kind: "never-issued", version: undefined, status: undefined, moment: "" })}
${descentSection(context, descent, undefined)}</aside>
<div class="sections">
<section aria-labelledby="next-title"><h2 id="next-title">${text("never.next")}</h2><ul class="steps"><li>${text("never.next.compare")}</li><li>${text("never.next.label")}</li><li>${text("never.next.holder")}</li></ul></section>
<section aria-labelledby="nearest-title"><h2 id="nearest-title">${text("never.nearest")}</h2>${
    nearest === undefined
      ? html`<p>${text("never.nearest.none")}</p>`
      : html`<ul class="plain">${namedLink(context, nearest)}</ul>`
  }</section>
${belowSection(context, code, data.below, undefined)}
</div></div>`;
  return renderPage(context, {
    title: `${text("never.title")} · ${code}`,
    main,
    hasSearch: true,
    hasScript: true,
  });
}
