import type { Context } from "../context.ts";
import { EXPECTATIONS, FIELDS } from "../text/zh/expectations.ts";
import type { ValueFault } from "./alias-options.ts";

/** In which language is spoken, and how. */
export type Voice = Pick<Context, "say" | "language">;

/** A number as spreadsheets write one of many digits that nobody told them to keep. */
const CUT_NUMBER = /^\d(\.\d+)?E\+?\d+$/i;

/** Why a text is no value of its system, in one sentence. */
export function faultText(voice: Voice, { kind, field, expected, got, meant }: ValueFault): string {
  const { say } = voice;
  const name = fieldIn(voice, field);
  if (CUT_NUMBER.test(got)) return say("row.cutNumber", { field: name, got });
  const values = { field: name, expected: expectationIn(voice, expected), got, meant: meant ?? "" };
  if (kind === "check") return say(meant === undefined ? "row.check" : "row.checkMeant", values);
  return say(meant === undefined ? "row.value" : "row.valueMeant", values);
}

/** What a coding system expects, in the user's words where they are known; faults are in English. */
export function expectationIn({ language }: Pick<Voice, "language">, expected: string): string {
  if (language !== "zh") return expected;
  const known = EXPECTATIONS.find(([english]) => english.test(expected));
  return known === undefined ? expected : expected.replace(...known);
}

/** A part of a value, in the user's words where they are known. */
export function fieldIn({ language }: Pick<Voice, "language">, field: string): string {
  return language === "zh" && Object.hasOwn(FIELDS, field) ? FIELDS[field]! : field;
}
