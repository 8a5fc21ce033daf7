import type { Say } from "../text/say.ts";
import type { ValueFault } from "./alias-options.ts";

/** A number as spreadsheets write one of many digits that nobody told them to keep. */
const CUT_NUMBER = /^\d(\.\d+)?E\+?\d+$/i;

/** Why a text is no value of its system, in one sentence. */
export function faultText(say: Say, { kind, field, expected, got, meant }: ValueFault): string {
  if (CUT_NUMBER.test(got)) return say("row.cutNumber", { field, got });
  const values = { field, expected, got, meant: meant ?? "" };
  if (kind === "check") return say(meant === undefined ? "row.check" : "row.checkMeant", values);
  return say(meant === undefined ? "row.value" : "row.valueMeant", values);
}
