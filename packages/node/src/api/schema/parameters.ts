import type { Fault, Parsed } from "@cityroot/codes/fault";
import { type Code, parseCode } from "@cityroot/codes/ma/code";
import { codeFromPath } from "@cityroot/codes/ma/url";
import type { AsOf } from "@cityroot/core/proof/answer";
import Type, { type TSchema } from "typebox";
import { type Problem, problemOfParameter } from "../problem.ts";

/** The parameters that ask for an earlier moment, as they come. */
export type AsOfQuery = {
  readonly "as-of-height"?: number;
  readonly "as-of-time"?: string;
  readonly version?: number;
};

/** Schemas of those parameters. */
export const AS_OF_PARAMETERS: { readonly [name in keyof AsOfQuery]-?: TSchema } = {
  "as-of-height": Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: "Ask for what held after the block of this height.",
    }),
  ),
  "as-of-time": Type.Optional(
    Type.String({
      maxLength: 40,
      description: "Ask for what held at this time: RFC 3339, or milliseconds since 1970-01-01 UTC.",
      examples: ["2026-03-01T00:00:00Z", "1772323200000"],
    }),
  ),
  version: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: "Ask for this version of the record, counted from 1.",
    }),
  ),
};

/** The code in a path, for the document: what is routed is the raw rest of the path. */
export const CODE_IN_PATH: TSchema = Type.Object({
  "*": Type.String({
    description: "A code as it stands, its slashes unescaped.",
    examples: ["MA.156.1301.02/60.10000000.1/000123"],
  }),
});

/** A moment asked for, or the problem with it; undefined when none was. */
export function readAsOf(
  query: AsOfQuery,
): { readonly asOf: AsOf | undefined } | { readonly problem: Problem } {
  const { "as-of-height": height, "as-of-time": time, version } = query;
  const given = [height, time, version].filter((value) => value !== undefined).length;
  if (given > 1) {
    const names = "as-of-height, as-of-time and version";
    return { problem: problemOfParameter("as-of-height", `at most one of ${names}`, `${given} of them`) };
  }
  if (height !== undefined) return { asOf: { height } };
  if (version !== undefined) return { asOf: { version } };
  if (time === undefined) return { asOf: undefined };
  const timeMs = readTime(time);
  if (timeMs !== undefined) return { asOf: { timeMs } };
  return {
    problem: problemOfParameter(
      "as-of-time",
      "an RFC 3339 time with its offset, or milliseconds since 1970-01-01 UTC",
      time,
    ),
  };
}

const MILLISECONDS = /^\d{1,16}$/;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

function readTime(text: string): number | undefined {
  const timeMs = MILLISECONDS.test(text)
    ? Number(text)
    : RFC_3339.test(text)
      ? Date.parse(text.toUpperCase().replace(" ", "T"))
      : Number.NaN;
  return Number.isSafeInteger(timeMs) && timeMs >= 0 ? timeMs : undefined;
}

/** The path of a request's address, as it came: without the query, with its escapes. */
export function rawPathOf(url: string): string {
  return splitTarget(url).path;
}

/** Path and query of a request's target as they came, also where it names a host (RFC 9112 §3.2.2), which is not judged. */
export function splitTarget(url: string): { readonly path: string; readonly query: string } {
  const target = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const end = target.indexOf("?");
  return end < 0 ? { path: target, query: "" } : { path: target.slice(0, end), query: target.slice(end + 1) };
}

/** The code that follows a path's beginning, such as `/v1/codes/`. Positions in the fault count from the code's start. */
export function codeAfter(url: string, beginning: string): Parsed<Code> {
  const read = codeFromPath(rawPathOf(url).slice(beginning.length - 1));
  if (read.ok || read.fault.at === undefined) return read;
  const fault: Fault = { ...read.fault, at: Math.max(0, read.fault.at - 1) };
  return { ok: false, fault };
}

/** A code given as a parameter. */
export function readCodeParameter(name: string, text: string): { code: Code } | { problem: Problem } {
  const read = parseCode(text);
  if (read.ok) return { code: read.value };
  return { problem: problemOfParameter(name, `a code: ${read.fault.expected}`, read.fault.got) };
}
