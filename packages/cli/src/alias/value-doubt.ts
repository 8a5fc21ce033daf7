import type { LegacyCode } from "@cityroot/core/state/alias";
import type { AliasMeaning } from "@cityroot/core/state/alias-meaning";
import { canonicalLegacy, type ValueFault } from "./alias-options.ts";
import { nearSystem } from "./check-system.ts";
import { faultText, type Voice } from "./fault-text.ts";

/** Why nobody claims anything of a legacy code, most likely: it is mistyped, or its system is. */
export type ValueDoubt = {
  /** Why the text is no value of its system; null where it is one, or the system is not known here. */
  readonly fault: ValueFault | null;
  /** The coding system that was probably meant. */
  readonly nearSystem: string | null;
};

/** What is doubtful in a question that led to nothing; null where it led to something or nothing is doubtful. */
export function valueDoubtOf(
  { system, value }: LegacyCode,
  { kind }: AliasMeaning,
  isExact: boolean,
): ValueDoubt | null {
  if (kind !== "none") return null;
  const read = isExact ? { value } : canonicalLegacy(system, value);
  const fault = "fault" in read ? read.fault : null;
  const near = nearSystem(system) ?? null;
  return fault === null && near === null ? null : { fault, nearSystem: near };
}

/** That in lines. */
export function doubtLines(voice: Voice, doubt: ValueDoubt | null): readonly string[] {
  if (doubt === null) return [];
  const { say } = voice;
  const { fault, nearSystem: near } = doubt;
  return [
    ...(fault === null ? [] : [say("alias.valueDoubt", { fault: faultText(voice, fault) })]),
    ...(near === null ? [] : [say("alias.systemDoubt", { near })]),
  ];
}
