import type { Readable } from "node:stream";
import type { Json } from "@cityroot/core/json";
import type { Moment } from "@cityroot/core/state/entry";
import type { Problem } from "./problem.ts";

/** The block that an answer is as of. */
export type AnswerHead = { readonly checkpoint: Moment };

/** What a request is answered with, before it meets any socket: so that every path to a client gives the same. */
export type Answer = {
  readonly status: number;
  /** Media type of the body. */
  readonly type: string;
  readonly body: string | Uint8Array | Readable;
  /** How long it may be kept: not at all; only when asked again each time; or forever, since it never changes. */
  readonly caching: "never" | "revalidate" | "forever";
  /** Names this content; the answer is then 304 to whoever has it. */
  readonly etag?: string;
  /** The head that it is as of. */
  readonly head?: AnswerHead;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it is a page for people, which may use this server's own files. */
  readonly isPage?: boolean;
};

/** Media types that are answered with. */
export const MEDIA = {
  json: "application/json; charset=utf-8",
  problem: "application/problem+json; charset=utf-8",
  cbor: "application/cbor",
  proof: "application/vnd.cityroot.proof",
  items: "application/vnd.cityroot.items",
  linkset: "application/linkset+json",
  linksetText: "application/linkset",
  jsonLd: "application/ld+json",
  html: "text/html; charset=utf-8",
  text: "text/plain; charset=utf-8",
  bytes: "application/octet-stream",
} as const;

/** A JSON answer about the state at a head. */
export function answerJson(value: Json, head?: AnswerHead): Answer {
  const base = { status: 200, type: MEDIA.json, body: JSON.stringify(value), caching: "never" } as const;
  return head === undefined ? base : { ...base, head };
}

/** The answer that a problem is. Members beside the problem's own may be added. */
export function answerProblem(
  problem: Problem,
  head?: AnswerHead,
  more?: { readonly [name: string]: Json },
): Answer {
  const base = {
    status: problem.status,
    type: MEDIA.problem,
    body: JSON.stringify(more === undefined ? problem : { ...problem, ...more }),
    caching: "never",
    ...(problem.status === 503 && { headers: { "retry-after": RETRY_AFTER_S } }),
  } as const;
  return head === undefined ? base : { ...base, head };
}

/** After how many seconds a client may try again. */
const RETRY_AFTER_S = "1";

const CACHE_CONTROL = {
  never: "no-store",
  revalidate: "no-cache",
  forever: "public, max-age=31536000, immutable",
} as const;

/** What a page may load: its own style, its own script, its own answers. Nothing may frame it. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const COMMON = [
  "x-content-type-options",
  "nosniff",
  "referrer-policy",
  "no-referrer",
  "access-control-allow-origin",
  "*",
] as const;

const FOR_API = [
  ...COMMON,
  "access-control-expose-headers",
  "cityroot-height, cityroot-time, cityroot-network, etag, link, location, retry-after",
  "cross-origin-resource-policy",
  "cross-origin",
  "content-security-policy",
  "default-src 'none'; frame-ancestors 'none'",
] as const;

const FOR_PAGE = [
  ...COMMON,
  "cross-origin-opener-policy",
  "same-origin",
  "permissions-policy",
  "camera=(), geolocation=(), microphone=()",
  "content-security-policy",
  PAGE_POLICY,
] as const;

/** The headers of an answer, names and values in turn. */
export function headersOf(answer: Answer, network: string): string[] {
  const headers: string[] = answer.isPage === true ? [...FOR_PAGE] : [...FOR_API];
  headers.push("content-type", answer.type, "cache-control", CACHE_CONTROL[answer.caching]);
  if (answer.etag !== undefined) headers.push("etag", answer.etag);
  if (answer.head !== undefined) {
    const { height, timeMs } = answer.head.checkpoint;
    headers.push("cityroot-height", String(height), "cityroot-time", timeText(timeMs));
  }
  headers.push("cityroot-network", network);
  if (answer.headers !== undefined) {
    for (const name of Object.keys(answer.headers)) headers.push(name, answer.headers[name]!);
  }
  return headers;
}

/** Times of blocks whose text is remembered: one block holds for many entries, and the head's is asked for with each. */
const TIMES_MAX = 1_024;
const timeTexts = new Map<number, string>();

/** RFC 3339 text of a block's time: in UTC, with milliseconds. */
export function timeText(timeMs: number): string {
  const known = timeTexts.get(timeMs);
  if (known !== undefined) return known;
  const text = new Date(timeMs).toISOString();
  if (timeTexts.size >= TIMES_MAX) timeTexts.clear();
  timeTexts.set(timeMs, text);
  return text;
}
