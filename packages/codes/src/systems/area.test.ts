import fc from "fast-check";
import { expect, test } from "vitest";
import { areaWords, STEPS_MAX } from "./area.ts";

/** The same with integers of any size. */
function degrees(step: bigint, of: bigint, circle: bigint): string {
  const units = (step * circle * 1_000_000n) / of - (circle / 2n) * 1_000_000n;
  const size = units < 0n ? -units : units;
  const decimals = String(size % 1_000_000n)
    .padStart(6, "0")
    .replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${size / 1_000_000n}${decimals === "" ? "" : `.${decimals}`}`;
}

test("what is said of an area is exact", () => {
  const span = fc
    .integer({ min: 1, max: STEPS_MAX })
    .chain((of) => fc.tuple(fc.constant(of), fc.integer({ min: 0, max: of - 1 })));
  fc.assert(
    fc.property(span, span, ([rows, row], [columns, column]) => {
      const at = (step: number, of: number, circle: bigint) => degrees(BigInt(step), BigInt(of), circle);
      const latitude = `latitude ${at(row, rows, 180n)} to ${at(row + 1, rows, 180n)}`;
      const longitude = `longitude ${at(column, columns, 360n)} to ${at(column + 1, columns, 360n)}`;
      expect(
        areaWords({ low: row, high: row + 1, of: rows }, { low: column, high: column + 1, of: columns }).en,
      ).toBe(`${latitude}, ${longitude}`);
    }),
    { numRuns: 2_000 },
  );
});
