import { type Code, isCode } from "@cityroot/codes/ma/code";
import type { AsOf } from "@cityroot/core/proof/answer";
import type { FastifyRequest } from "fastify";
import type { PageAssets } from "../page/assets.ts";
import { FORMATS } from "../page/format.ts";
import { isLanguage, LANGUAGES } from "../page/language.ts";
import type { PageContext } from "../page/page-context.ts";
import type { Head } from "../resolver/registry-reader.ts";
import { type Answer, MEDIA } from "./answer.ts";
import { preferredLanguage } from "./negotiate.ts";
import type { PageQuestion } from "./page-data.ts";
import { splitTarget } from "./schema/parameters.ts";
import { readTyped } from "./typed-code.ts";

/** A request for a page, read leniently: parameters that are not ours belong to whoever carried the address here. */
export type PageRequest = {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
  readonly acceptLanguage: string | undefined;
};

/** Reads the request of a page. */
export function readPageRequest(request: FastifyRequest): PageRequest {
  const { path, query } = splitTarget(request.raw.url ?? "/");
  return {
    path,
    query: new URLSearchParams(query),
    accept: request.headers.accept,
    acceptLanguage: request.headers["accept-language"],
  };
}

/** What the page is rendered with: the language that was chosen in the address, else the one that the browser asks for. */
export function pageContextOf(
  request: PageRequest,
  assets: PageAssets,
  network: string,
  head: Head | undefined,
): PageContext {
  const chosen = request.query.get("lang") ?? undefined;
  const language = isLanguage(chosen) ? chosen : preferredLanguage(request.acceptLanguage, LANGUAGES);
  const query = new URLSearchParams();
  for (const name of CARRIED) {
    const value = request.query.get(name);
    if (value !== null) query.set(name, value);
  }
  return {
    formats: FORMATS[language],
    isLanguageChosen: isLanguage(chosen),
    files: { style: assets.style.path, script: assets.script.path },
    network,
    asOf: head?.checkpoint,
    path: request.path,
    query,
  };
}

/** Parameters of pages that a change of language keeps. */
const CARRIED = ["q", "typed", "after", "history-before", "version", "as-of-height"];

/** A page as an answer. One that says what is may be kept as long as its block is the newest; no other is kept. */
export function answerPage(
  context: PageContext,
  assets: PageAssets,
  markup: string,
  status: number,
  head: Head | undefined,
): Answer {
  const build = assets.style.path.slice(-12, -4) + assets.script.path.slice(-11, -3);
  return {
    status,
    type: MEDIA.html,
    body: markup,
    caching: status === 200 ? "revalidate" : "never",
    ...(status === 200 &&
      head !== undefined && {
        etag: `"${head.checkpoint.height}-${context.formats.language}-${build}"`,
      }),
    ...(head !== undefined && { head }),
    headers: {
      vary: "accept, accept-language",
      "content-language": context.formats.language,
      ...(status === 503 && { "retry-after": "1" }),
    },
    isPage: true,
  };
}

/** What a code's page is asked for, and of which moment. What cannot be read is left out. */
export function questionOf(
  { query }: PageRequest,
  code: Code,
): PageQuestion & { readonly asOf: AsOf | undefined } {
  const after = query.get("after") ?? "";
  const version = countOf(query.get("version"));
  const height = countOf(query.get("as-of-height"));
  const asOf = version !== undefined ? { version } : height !== undefined ? { height } : undefined;
  return {
    asOf,
    moment:
      version !== undefined ? `version=${version}` : height !== undefined ? `as-of-height=${height}` : "",
    typed: typedOf(query.get("typed"), code),
    historyBefore: countOf(query.get("history-before")),
    belowAfter: isCode(after) ? after : undefined,
  };
}

function countOf(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

const TYPED_SHOWN_MAX = 200;

/** What was typed, if it is true that it was read as this code: else an address could put any words on the page. */
function typedOf(typed: string | null, code: Code): string | undefined {
  if (typed === null || typed.length > TYPED_SHOWN_MAX) return undefined;
  const read = readTyped(typed);
  return read.kind === "meant" && read.code === code ? typed : undefined;
}
