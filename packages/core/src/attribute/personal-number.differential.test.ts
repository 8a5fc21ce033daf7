import { checkCharacterOfDigits } from "@cityroot/codes/iso7064";
import { personalKindOf } from "@cityroot/codes/systems/persons";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findPersonalNumber } from "./personal-number.ts";

// The identification of codes has rules of its own for a text that is a number of a person and nothing else: for such a
// text both have to say the same.

const digits = (min: number, max = min) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: min, maxLength: max });
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));
const twoDigits = (max: number) => fc.nat(max).map((value) => String(value).padStart(2, "0"));

const regions = fc.oneof(
  joined(fc.constantFrom("11", "13", "46", "65", "71", "81", "82", "83", "91", "16", "66"), digits(4)),
  joined(fc.constantFrom("1100", "7100", "8300", "911", "983", "960"), digits(3)).map((text) =>
    text.slice(0, 6),
  ),
  digits(6),
);
const days = joined(twoDigits(13), twoDigits(32));
const years = fc.oneof(fc.integer({ min: 1790, max: 2110 }).map(String), digits(4));
const bodies = joined(regions, years, days, digits(3));
const citizens = fc.oneof(
  bodies.map((body) => body + checkCharacterOfDigits(body)),
  joined(bodies, fc.constantFrom(..."0123456789Xx")),
);
const oldCitizens = joined(regions, digits(2), days, digits(3));
const mobiles = joined(
  fc.constantFrom("", "86", "0086", "+86", "+", "85", "0"),
  fc.constantFrom("1", "2"),
  digits(10),
);
const others = joined(digits(1, 24), fc.constantFrom("", "", "X", "x"));

function toFullWidth(text: string): string {
  return text.replace(/[0-9Xx]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}

test("a text that is one number is of the same kind in both", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.oneof(citizens, oldCitizens, mobiles, others), (text) => {
      const kind = findPersonalNumber(text)?.kind;
      seen.set(String(kind), (seen.get(String(kind)) ?? 0) + 1);
      expect(personalKindOf(text), text).toBe(kind);
      // A full-width letter is no letter that ends a number, so more than a number may stand beside it.
      if (/x$/i.test(text) && text.length !== 18) return;
      expect(personalKindOf(toFullWidth(text)), text).toBe(findPersonalNumber(toFullWidth(text))?.kind);
    }),
    { numRuns: 20_000 },
  );
  for (const kind of ["citizen-number", "citizen-number-15", "mobile-number", "undefined"]) {
    expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(100);
  }
});

test("so is one that is written in groups", () => {
  const separators = fc.string({
    unit: fc.constantFrom(..." -\u00a0\u3000\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"),
    minLength: 1,
    maxLength: 3,
  });
  const grouped = (numbers: fc.Arbitrary<string>, lengths: readonly number[]) =>
    fc.tuple(numbers, separators).map(([number, separator]) => {
      const ends = lengths.map((_, index) =>
        lengths.slice(0, index + 1).reduce((sum, length) => sum + length),
      );
      return ends.map((end, index) => number.slice(end - lengths[index]!, end)).join(separator);
    });
  const texts = fc.oneof(
    grouped(citizens, [6, 8, 4]),
    grouped(citizens, [6, 4, 4, 3, 1]),
    grouped(oldCitizens, [6, 6, 3]),
    grouped(joined(fc.constantFrom("1", "2"), digits(10)), [3, 4, 4]),
    grouped(joined(fc.constantFrom("861", "862"), digits(10)), [2, 3, 4, 4]),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(personalKindOf(text), JSON.stringify(text)).toBe(findPersonalNumber(text)?.kind);
    }),
    { numRuns: 10_000 },
  );
});
