import { personalKindOf } from "@cityroot/codes/systems/persons";
import { mod11_2 } from "cdigit";
import fc from "fast-check";
import validator from "validator";
import { expect, test } from "vitest";

/** Goal: no number that another implementation takes for one of a citizen passes here. */
test("citizen numbers", () => {
  const pad = (value: number) => String(value).padStart(2, "0");
  const bodies = fc
    .tuple(
      fc.constantFrom("110101", "130102", "310115", "440305", "650102"),
      fc.integer({ min: 1900, max: 2025 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 0, max: 999 }),
    )
    .map(
      ([division, year, month, day, serial]) =>
        `${division}${year}${pad(month)}${pad(day)}${String(serial).padStart(3, "0")}`,
    );
  let taken = 0;
  fc.assert(
    fc.property(bodies, (body) => {
      const text = body + mod11_2.compute(body);
      if (!validator.isIdentityCard(text, "zh-CN")) return;
      taken += 1;
      expect(personalKindOf(text)).toBe("citizen-number");
    }),
    { numRuns: 1_000 },
  );
  expect(taken).toBeGreaterThan(500);
});
