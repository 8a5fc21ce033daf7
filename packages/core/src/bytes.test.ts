import fc from "fast-check";
import { expect, test } from "vitest";
import { copyBytes, newBytes } from "./bytes.ts";

test("every new array is zero, as long as asked for, and shares no byte with another", () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 });
  fc.assert(
    fc.property(lengths, (wanted) => {
      const arrays = wanted.map((length) => {
        const bytes = newBytes(length);
        expect(bytes.length).toBe(length);
        expect(bytes.every((byte) => byte === 0)).toBe(true);
        return bytes;
      });
      for (const [at, bytes] of arrays.entries()) bytes.fill(at + 1);
      for (const [at, bytes] of arrays.entries()) expect(bytes.every((byte) => byte === at + 1)).toBe(true);
    }),
  );
});

test("a copy has the bytes asked for and goes its own way", () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, at) => at);
  const copy = copyBytes(bytes, 10, 20);
  expect([...copy]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  copy.fill(0);
  expect(bytes[10]).toBe(10);
});
