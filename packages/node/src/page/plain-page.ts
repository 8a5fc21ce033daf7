import { html } from "./html.ts";
import { renderPage, searchBox } from "./layout.ts";
import type { PageContext } from "./page-context.ts";

/** The page of an address that nothing has. */
export function renderNotFoundPage(context: PageContext): string {
  const { text } = context.formats;
  const main = html`<div class="page narrow"><article class="identity"><h1>${text("notfound.title")}</h1>
<p class="lead">${text("notfound.text")}</p></article>${searchBox(context, "", "large")}</div>`;
  return renderPage(context, { title: text("notfound.title"), main, hasSearch: false, hasScript: false });
}

/** The page of a server that cannot tell: never to be taken for an answer about a code. */
export function renderUnavailablePage(context: PageContext, why: "store" | "items"): string {
  const { text } = context.formats;
  const main = html`<div class="page narrow"><article class="identity"><h1>${text("unavailable.title")}</h1>
<p class="lead">${text(why === "items" ? "unavailable.items" : "unavailable.text")}</p>
<p><a class="button strong" href="">${text("unavailable.again")}</a></p></article></div>`;
  return renderPage(context, { title: text("unavailable.title"), main, hasSearch: true, hasScript: false });
}
