import { meantNote } from "./code-page.ts";
import { largeCode } from "./code-text.ts";
import { html } from "./html.ts";
import { renderPage } from "./layout.ts";
import type { PageContext } from "./page-context.ts";
import { descentSection } from "./section/descent.ts";
import { proofPanel } from "./section/proof.ts";
import type { FederatedPageData } from "./view-model.ts";

/** The page of a code that another network serves: it says which, and where people find it. */
export function renderFederatedPage(context: PageContext, data: FederatedPageData): string {
  const { text } = context.formats;
  const { code, referral, descent } = data;
  const { network, endpoints } = referral.record.federation;
  const claim = { code, kind: "federated", version: undefined, status: network, moment: "" } as const;
  const places = endpoints.map((endpoint) => {
    const address = `${endpoint.replace(/\/+$/, "")}/${code}`;
    return html`<li><a href="${address}" rel="noreferrer external" translate="no">${address}</a></li>`;
  });
  const main = html`<div class="page never">
<article class="identity" aria-labelledby="title">
${meantNote(context, data.typed)}
<p class="kicker">${text("elsewhere.kicker")}</p>
<h1 id="title">${text("elsewhere.title")}</h1>
<div class="number-row">${largeCode(code)}</div>
<p class="lead">${text("elsewhere.text", { prefix: referral.prefix, network })}</p>
</article>
<aside>${proofPanel(context, claim)}
${descentSection(context, descent, undefined)}</aside>
<div class="sections">
<section aria-labelledby="places-title"><h2 id="places-title">${text("elsewhere.places")}</h2><ul class="plain">${places}</ul><p class="small">${text("elsewhere.trust")}</p></section>
</div></div>`;
  return renderPage(context, {
    title: `${text("elsewhere.title")} · ${code}`,
    main,
    hasSearch: true,
    hasScript: true,
  });
}
