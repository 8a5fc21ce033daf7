/**
 * Goal: the linters say of every text what the GS1 Barcode Syntax Dictionary says of it: right, or wrong for which reason
 * and where. Method: its own assertions, taken as data (data/README.md).
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LINTER_ASSERTIONS } from "./linter-assertions.testing.ts";
import { LINTERS } from "./linters.ts";

test("every linter is asserted, and no other", () => {
  expect(Object.keys(LINTERS)).toEqual(Object.keys(LINTER_ASSERTIONS));
  const counts = Object.values(LINTER_ASSERTIONS).map(({ right, wrong }) => right.length + wrong.length);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5_682);
});

test.each(Object.entries(LINTER_ASSERTIONS))(
  "%s finds what the dictionary finds",
  (name, { right, wrong }) => {
    const lint = LINTERS[name]!;
    for (const text of right) expect(lint(text), JSON.stringify(text)).toBeUndefined();
    for (const [text, at, length, reason] of wrong) {
      expect(lint(text), JSON.stringify(text)).toMatchObject({ reason, at, length });
    }
  },
);

test("whatever comes is answered, within the text, in printable characters", () => {
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9]{0,40}$/), fc.string());
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(LINTERS)), texts, (name, text) => {
      const found = LINTERS[name]!(text);
      if (found === undefined) return;
      expect(found.at + found.length, name).toBeLessThanOrEqual(text.length);
      expect(found.expected, name).toMatch(/^[ -~]+$/);
      expect(found.reason, name).toMatch(/^[a-z0-9-]+$/);
    }),
    { numRuns: 2_000 },
  );
});
