import type { AsOf } from "@cityroot/core/proof/answer";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import type { Input } from "../input.ts";
import { optionMalformed } from "../option-malformed.ts";

/** Options that ask for an earlier moment. */
export const AS_OF_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--as-of <moment>", text: "option.asOf" },
  { flags: "--record-version <number>", text: "option.recordVersion" },
];

/** The moment that is asked for: a height, a date or time, or a version; undefined for now. */
export function asOfOf({ say }: Context, input: Input): AsOf | undefined {
  const version = input.count("record-version", 1);
  const text = input.text("as-of");
  if (version !== undefined && text === undefined) return { version };
  if (text === undefined) return undefined;
  if (/^[0-9]{1,15}$/.test(text) && version === undefined) return { height: Number(text) };
  const isTime = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$/.test(text);
  const timeMs = isTime ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs) && version === undefined) return { timeMs };
  const expected = say(version === undefined ? "error.asOf.expected" : "error.asOf.one");
  throw optionMalformed(say, { field: "--as-of", expected, got: text });
}
