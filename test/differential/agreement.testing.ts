import type { CodingSystem } from "@cityroot/codes/systems/coding-system";
import { parseValue } from "@cityroot/codes/systems/parse-value";
import fc from "fast-check";
import { expect } from "vitest";

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** A text of digits, of a length. */
export const digits = (length: number): fc.Arbitrary<string> => textOf("0123456789", length);

/** A text of some characters, of a length. */
export function textOf(characters: string, length: number): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.constantFrom(...characters),
    minLength: length,
    maxLength: length,
  });
}

/** What another one takes is taken here, and what it refuses is refused: right values, and ones with a character changed or swapped. */
export function expectAgreement(
  system: CodingSystem,
  right: fc.Arbitrary<string>,
  isTaken: (text: string) => boolean,
): void {
  const seen = { taken: 0, refused: 0 };
  const changed = fc
    .tuple(right, fc.nat(), fc.constantFrom(...CHARACTERS), fc.boolean())
    .map(([text, where, character, isSwapped]) => {
      const at = where % (text.length - 1);
      const [before, one, two, after] = [
        text.slice(0, at),
        text.charAt(at),
        text.charAt(at + 1),
        text.slice(at + 2),
      ];
      return before + (isSwapped ? two + one : character + two) + after;
    });
  fc.assert(
    fc.property(fc.oneof(right, changed), (text) => {
      const theirs = isTaken(text);
      seen[theirs ? "taken" : "refused"] += 1;
      expect(parseValue(system, text).ok, text).toBe(theirs);
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(200);
}
