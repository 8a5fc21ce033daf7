import { readValue } from "./read-value.ts";
import { systemOf } from "./systems.ts";

/**
 * A text as its coding system writes it; as it is, without spaces at its ends, where the system is not known here or says
 * that the text is none of its values. So a legacy code with a wrong check digit, which exists, is still found.
 */
export function canonicalValue(system: string, text: string): string {
  const known = systemOf(system);
  const read = known === undefined ? undefined : readValue(known, text);
  return read?.ok ? read.value.canonical : text.trim();
}
