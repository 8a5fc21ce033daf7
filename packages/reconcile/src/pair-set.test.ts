import fc from "fast-check";
import { expect, test } from "vitest";
import { bestFew } from "./best-few.ts";
import { pairSet } from "./pair-set.ts";

test("a set of pairs holds each once, in order, however many come", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 200 }), (pairs) => {
      const set = pairSet(41);
      // More than there is room for at first.
      for (let round = 0; round < 40; round++) for (const [left, right] of pairs) set.add(left, right);
      const wanted = new Set(pairs.map(([left, right]) => left * 41 + right));
      expect([...set.sorted()]).toEqual([...wanted].sort((a, b) => a - b));
    }),
    { numRuns: 100 },
  );
});

test("the best few are those that sorting all would give", () => {
  const offer = fc.tuple(fc.nat(5), fc.nat(5));
  fc.assert(
    fc.property(fc.array(offer, { maxLength: 40 }), fc.integer({ min: 1, max: 8 }), (offers, size) => {
      const few = bestFew(size);
      for (const [number, [rank, distance]] of offers.entries()) {
        if (few.takes(rank)) few.offer(number, rank, distance);
      }
      const kept: number[] = [];
      few.take((number) => kept.push(number));
      const sorted = [...offers.keys()].sort(
        (a, b) => offers[b]![0] - offers[a]![0] || offers[a]![1] - offers[b]![1] || a - b,
      );
      expect(kept).toEqual(sorted.slice(0, size));
    }),
    { numRuns: 500 },
  );
});
