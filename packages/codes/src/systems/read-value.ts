import {
  type CodingSystem,
  type SystemFault,
  type TidyReading,
  VALUE_CHARACTERS_MAX,
} from "./coding-system.ts";
import { meantValue } from "./meant-value.ts";
import { parseValue } from "./parse-value.ts";
import { refuseForm } from "./refusal.ts";
import { tidy } from "./tidy.ts";

/** The outcome of reading a text as a value of one system. */
export type ValueOutcome =
  | { readonly ok: true; readonly value: TidyReading }
  | { readonly ok: false; readonly fault: SystemFault };

/** Reads a text as people write and paste it as a value of one system. */
export function readValue(system: CodingSystem, raw: string): ValueOutcome {
  if (raw.length > VALUE_CHARACTERS_MAX) {
    return refuseForm({ expected: `at most ${VALUE_CHARACTERS_MAX} characters`, got: raw });
  }
  const { text, mended } = tidy(raw, system.form);
  const read = parseValue(system, text);
  if (read.ok) return { ok: true, value: { ...read.value, mended } };
  const meant = read.fault.meant ?? meantValue(system, text);
  return meant === undefined ? read : { ok: false, fault: { ...read.fault, meant } };
}
