import type { CodingSystem, SystemParsed } from "./coding-system.ts";
import { refuseForm } from "./refusal.ts";

/** Parses a text that was brought into the form of a system: what its length and characters tell comes first. */
export function parseValue(system: CodingSystem, text: string): SystemParsed {
  const { lengths, characters } = system.form;
  const [min, max] = lengths;
  if (text.length < min || text.length > max) {
    const expected = min === max ? `${min} characters` : `${min} to ${max} characters`;
    return refuseForm({ expected, got: text, at: Math.min(text.length, max) });
  }
  if (characters !== "any") {
    for (let at = 0; at < text.length; at++) {
      if (characters.includes(text.charAt(at))) continue;
      return refuseForm({ expected: `characters of ${characters}`, got: text, at });
    }
  }
  return system.parse(text);
}
