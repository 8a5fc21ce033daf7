import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import { namedLink } from "./code-page.ts";
import { type Html, html, join } from "./html.ts";
import { renderPage, searchBox } from "./layout.ts";
import type { PageContext } from "./page-context.ts";
import type { NamedCode } from "./view-model.ts";

/** What the start page shows. */
export type HomePageData = {
  readonly examples: readonly NamedCode[];
  readonly policy: PolicyJson;
  /** A text that was looked for and cannot be read as a code. */
  readonly unread: string | undefined;
};

const UNREAD_SHOWN_MAX = 80;

/** The start page. */
export function renderHomePage(context: PageContext, data: HomePageData): string {
  const { text } = context.formats;
  const { unread } = data;
  const main = html`<div class="home"><div class="first">
<section class="hero" aria-labelledby="title"><p class="kicker">${text("site.tagline")}</p>
<h1 id="title">${text("home.title")}</h1><p class="lead">${text("home.lead")}</p>
${unread !== undefined && html`<p class="banner suspended" role="alert">${text("search.unread", { text: unread.slice(0, UNREAD_SHOWN_MAX) })}</p>`}
${searchBox(context, unread?.slice(0, UNREAD_SHOWN_MAX) ?? "", "large")}
${data.examples.length > 0 && html`<nav class="examples" aria-labelledby="examples-title"><h2 id="examples-title">${text("home.examples")}</h2><ul>${data.examples.map((one) => namedLink(context, one))}</ul></nav>`}
</section>
${anatomy(context)}</div>
<section class="promises" aria-label="${text("home.how")}">
${promise(context, "what")}${promise(context, "proof")}${promise(context, "absence")}
</section>
${registryFacts(context, data.policy)}
</div>`;
  return renderPage(context, { title: text("site.tagline"), main, hasSearch: false, hasScript: false });
}

/** What each part of a code says, on the published code of a city and a thing below it. */
const ANATOMY = [
  ["MA", "home.anatomy.agency"],
  [".156", "home.anatomy.country"],
  [".1301", "home.anatomy.city"],
  [".01", "home.anatomy.unit"],
  ["/60.10000000.1", "home.anatomy.object"],
  ["/000123", "home.anatomy.custom"],
] as const;

function anatomy({ formats }: PageContext): Html {
  const { text } = formats;
  return html`<figure class="anatomy"><figcaption>${text("home.anatomy")}</figcaption><ol>${ANATOMY.map(
    ([part, name]) => html`<li><code translate="no">${part}</code><span>${text(name)}</span></li>`,
  )}</ol></figure>`;
}

function promise({ formats }: PageContext, name: "what" | "proof" | "absence"): Html {
  return html`<div><h2>${formats.text(`home.how.${name}`)}</h2><p>${formats.text(`home.how.${name}.text`)}</p></div>`;
}

function registryFacts(context: PageContext, policy: PolicyJson): Html {
  const { text, number, time } = context.formats;
  const { asOf } = context;
  const keys = policy.logKeys.map((key) => html`<code class="hex" translate="no">${key}</code>`);
  const witnesses = text("home.witnesses.value", { quorum: policy.quorum, count: policy.witnesses.length });
  return html`<section class="registry" aria-labelledby="registry-title"><h2 id="registry-title">${text("home.registry")}</h2><dl>
<div><dt>${text("home.network")}</dt><dd><code translate="no">${context.network}</code></dd></div>
${
  asOf !== undefined &&
  html`<div><dt>${text("home.height")}</dt><dd>${number(asOf.height)}</dd></div><div><dt>${text("home.time")}</dt><dd><time datetime="${new Date(asOf.timeMs).toISOString()}">${time(asOf.timeMs)}</time></dd></div>`
}
<div><dt>${text("home.witnesses")}</dt><dd>${witnesses}</dd></div>
<div><dt>${text("proof.key")}</dt><dd>${join(keys, html`<br>`)}</dd></div>
</dl></section>`;
}
