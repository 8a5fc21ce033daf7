import fc from "fast-check";
import { PROVINCES } from "./provinces.ts";

/** Texts of so many digits. */
export function digits(count: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: count, maxLength: count });
}

/** Six digits that may be a division: of a province that there is. */
export const regions: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...PROVINCES.keys()), digits(4))
  .map(([province, rest]) => province + rest);
