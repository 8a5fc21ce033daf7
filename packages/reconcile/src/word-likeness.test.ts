import fc from "fast-check";
import { expect, test } from "vitest";
import { countErrors, wordLikeness } from "./word-likeness.ts";

const word = (text: string) => ({ text: text.replace(".", ""), isCut: text.endsWith(".") });
const likeness = (a: string, b: string): number => wordLikeness(word(a), word(b));

test("misspelt and shortened words are alike, others are not", () => {
  expect(likeness("friedr.", "friedrich")).toBe(850);
  expect(likeness("haupt", "hauptbahnhof")).toBe(700);
  expect(likeness("wiebe", "weibe")).toBe(820);
  expect(likeness("bruesseler", "brusseler")).toBe(900);
  expect(likeness("bruesseler", "brsseler")).toBe(775);
  for (const [a, b] of [
    ["ost", "west"],
    ["am", "an"],
    ["nord", "sued"],
    ["berg", "burgen"],
  ] as const) {
    expect(likeness(a, b), `${a} and ${b}`).toBe(0);
  }
});

/** The whole table of the optimal string alignment, without a bound. */
function errorsOf(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => i + j),
  );
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      table[i]![j] = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, table[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        table[i]![j] = Math.min(table[i]![j]!, table[i - 2]![j - 2]! + 1);
      }
    }
  }
  return table[a.length]![b.length]!;
}

test("errors are counted as the whole table counts them, up to the bound", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });
  fc.assert(
    fc.property(text, text, fc.constantFrom(0, 1, 2, 3), (a, b, max) => {
      expect(countErrors(a, b, max)).toBe(Math.min(errorsOf(a, b), max + 1));
      expect(wordLikeness(word(a), word(b))).toBe(wordLikeness(word(b), word(a)));
    }),
    { numRuns: 2_000 },
  );
});
