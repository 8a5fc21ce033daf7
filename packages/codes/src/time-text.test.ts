import fc from "fast-check";
import { expect, test } from "vitest";
import { timeTextOf } from "./time-text.ts";

test("every moment is written as ECMAScript writes it", () => {
  const far = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
  const near = fc.integer({ min: -70_000_000_000_000, max: 260_000_000_000_000 });
  fc.assert(
    fc.property(fc.oneof(far, near), (ms) => {
      expect(timeTextOf(ms)).toBe(new Date(ms).toISOString());
    }),
    { numRuns: 20_000 },
  );
  for (const text of ["2000-02-29T23:59:59.999Z", "2100-03-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"])
    expect(timeTextOf(Date.parse(text))).toBe(text);
});
