import { type Html, html, type Part } from "./html.ts";
import { LANGUAGES } from "./language.ts";
import { linkTo, type PageContext } from "./page-context.ts";

/** What a page puts into the frame. */
export type PageBody = {
  readonly title: string;
  readonly main: Html;
  /** Whether the head holds the search box; the start page has its own. */
  readonly hasSearch: boolean;
  /** Whether the page checks its proof. */
  readonly hasScript: boolean;
  /** More links for the foot. */
  readonly links?: Part;
  /** Data for programs, for the head. */
  readonly data?: Html;
};

const LANGUAGE_NAMES = { zh: "中文", en: "English" } as const;

/** A whole page. */
export function renderPage(context: PageContext, body: PageBody): string {
  const { formats, files } = context;
  const { text, language } = formats;
  const page = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>${body.title} · ${text("site.name")}</title>
<link rel="stylesheet" href="${files.style}">
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
${body.hasScript && html`<script type="module" src="${files.script}"></script>`}
${body.data}
</head>
<body>
<a class="skip" href="#main">${text("site.skip")}</a>
<header class="bar"><div class="wide">
<a class="brand" href="${linkTo(context, "/")}" aria-label="${text("site.home")}">${MARK}<span>${text("site.name")}</span></a>
${body.hasSearch && searchBox(context, "", "compact")}
<nav aria-label="${text("site.language")}">${LANGUAGES.map((one) => languageLink(context, one))}</nav>
</div></header>
<main id="main" class="wide">${body.main}</main>
${footer(context, body.links)}
</body>
</html>`;
  return page.markup;
}

function languageLink(context: PageContext, language: (typeof LANGUAGES)[number]): Html {
  const name = LANGUAGE_NAMES[language];
  if (language === context.formats.language) {
    return html`<span lang="${language}" aria-current="true">${name}</span>`;
  }
  const query = new URLSearchParams(context.query);
  query.set("lang", language);
  return html`<a lang="${language}" hreflang="${language}" href="${context.path}?${query.toString()}">${name}</a>`;
}

/** The one box that finds everything. */
export function searchBox(context: PageContext, typed: string, kind: "large" | "compact"): Html {
  const { text, language } = context.formats;
  return html`<form class="search ${kind}" role="search" action="/" method="get">
${context.isLanguageChosen && html`<input type="hidden" name="lang" value="${language}">`}
<label for="q"${kind === "compact" && html` class="hidden"`}>${text("search.label")}</label>
<div><input id="q" name="q" value="${typed}" placeholder="${text("search.placeholder")}" maxlength="2048" required autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="search"${kind === "large" && html` aria-describedby="hint"`}>
<button>${text("search.button")}</button></div>
${kind === "large" && html`<p id="hint">${text("search.hint")}</p>`}
</form>`;
}

function footer(context: PageContext, links: Part): Html {
  const { text, time, number } = context.formats;
  const { asOf } = context;
  return html`<footer><div class="wide">
<p>${text("footer.registry")} <code translate="no">${context.network}</code>${
    asOf !== undefined &&
    html` · <span>${text("footer.asOf", { height: number(asOf.height), time: time(asOf.timeMs) })}</span>`
  }</p>
<p class="links">${links}<a href="/openapi.json">${text("footer.api")}</a> <a href="/v1/catalogue" type="application/ld+json">${text("footer.catalogue")}</a> <a href="/log/checkpoint">${text("footer.log")}</a></p>
<p>${text("footer.privacy")}</p>
</div></footer>`;
}

/** The mark: what grows down from one root. */
const MARK = html`<svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" focusable="false"><rect width="24" height="24" rx="5"/><path d="M12 5v14M12 10H6.5v6M12 10h5.5v6"/><circle cx="12" cy="5" r="1.6"/><circle cx="6.5" cy="17" r="1.6"/><circle cx="12" cy="19" r="1.6"/><circle cx="17.5" cy="17" r="1.6"/></svg>`;
