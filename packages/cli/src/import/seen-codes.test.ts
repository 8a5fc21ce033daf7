import { expect, test } from "vitest";
import { seenCodes } from "./seen-codes.ts";

test("finds every code again, with the row where it was first", () => {
  const seen = seenCodes();
  const codes = Array.from({ length: 200_000 }, (_, at) => `MA.156.1301.02/60.10000000.1/${at}`);
  expect(codes.filter((code, row) => seen.add(code, row) !== undefined)).toEqual([]);
  expect(codes.filter((code, row) => seen.add(code, 0) !== row)).toEqual([]);
  expect(seen.isComplete()).toBe(true);
});

test("takes no more than its limit, and says so", () => {
  const seen = seenCodes(2);
  for (const [row, code] of ["a", "b", "c", "c"].entries()) expect(seen.add(code, row)).toBeUndefined();
  expect(seen.isComplete()).toBe(false);
  expect(seen.add("a", 9)).toBe(0);
});
