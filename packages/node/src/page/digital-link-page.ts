import { namedLink } from "./code-page.ts";
import { html } from "./html.ts";
import { renderPage, searchBox } from "./layout.ts";
import type { PageContext } from "./page-context.ts";
import type { NamedCode } from "./view-model.ts";

/** Why an address of GS1 leads nowhere: nothing is known of it, it was something on other days, or it is claimed to be several. */
export type DigitalLinkPageKind = "none" | "ended" | "conflict";

/** The page of an address of GS1 that is not one code. */
export function renderDigitalLinkPage(
  context: PageContext,
  {
    kind,
    path,
    codes,
  }: { readonly kind: DigitalLinkPageKind; readonly path: string; readonly codes: readonly NamedCode[] },
): string {
  const { text } = context.formats;
  const title = text(`gs1.${kind}`);
  const lead = kind === "conflict" && codes.length === 0 ? "gs1.crowded.text" : (`gs1.${kind}.text` as const);
  const main = html`<div class="page narrow"><article class="identity"><p class="kicker">${text("gs1.kicker")}</p><h1>${title}</h1>
<p><code class="hex" translate="no">${path}</code></p>
<p class="lead">${text(lead)}</p>
${codes.length > 0 && html`<ul class="plain">${codes.map((one) => namedLink(context, one))}</ul>`}</article>${searchBox(context, "", "large")}</div>`;
  return renderPage(context, { title, main, hasSearch: false, hasScript: false });
}

/** The page of an address that is meant as one of GS1 and is none. */
export function renderMalformedDigitalLinkPage(
  context: PageContext,
  {
    path,
    field,
    expected,
    got,
  }: {
    readonly path: string;
    readonly field: string;
    readonly expected: string;
    readonly got: string;
  },
): string {
  const { text } = context.formats;
  const title = text("gs1.malformed");
  const main = html`<div class="page narrow"><article class="identity"><p class="kicker">${text("gs1.kicker")}</p><h1>${title}</h1>
<p><code class="hex" translate="no">${path}</code></p>
<p class="lead">${text("gs1.malformed.text")}</p>
<p>${text("gs1.malformed.fault", { field, expected, got })}</p></article>${searchBox(context, "", "large")}</div>`;
  return renderPage(context, { title, main, hasSearch: false, hasScript: false });
}
