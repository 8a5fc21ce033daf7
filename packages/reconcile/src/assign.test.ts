import fc from "fast-check";
import { expect, test } from "vitest";
import { assign, type ScoredPair } from "./assign.ts";

const RULES = { scoreMin: 600, marginMin: 50 };
const pair = (left: number, right: number, score: number): ScoredPair => ({ left, right, score });
const texts = (pairs: readonly ScoredPair[]): string[] =>
  pairs.map(({ left, right }) => `${left}-${right}`).sort();

test("a clear pair is proposed, and takes rivals away from others", () => {
  const { proposed, ambiguous } = assign([pair(1, 1, 900), pair(2, 1, 800), pair(2, 2, 780)], RULES);
  expect(texts(proposed)).toEqual(["1-1", "2-2"]);
  expect(ambiguous).toEqual([]);
});

test("what is nearly equal is shown, not guessed", () => {
  const equal = assign([pair(1, 1, 900), pair(1, 2, 860), pair(2, 3, 700)], RULES);
  expect(texts(equal.proposed)).toEqual(["2-3"]);
  expect(texts(equal.ambiguous)).toEqual(["1-1", "1-2"]);
  const rival = assign([pair(1, 1, 620), pair(2, 1, 590)], RULES);
  expect(rival.proposed).toEqual([]);
  expect(texts(rival.ambiguous)).toEqual(["1-1"]);
  expect(assign([pair(1, 1, 599)], RULES)).toEqual({ proposed: [], ambiguous: [] });
});

const pairsArb = fc
  .uniqueArray(fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 500, max: 1000 })), {
    selector: ([left, right]) => `${left}-${right}`,
    maxLength: 24,
  })
  .map((all) => all.map(([left, right, score]) => pair(left, right, score)));

test("no row twice, whatever the order, and each choice is clear among what it leaves", () => {
  fc.assert(
    fc.property(pairsArb, fc.integer(), (pairs, seed) => {
      const { proposed, ambiguous } = assign(pairs, RULES);
      for (const side of ["left", "right"] as const) {
        expect(new Set(proposed.map((one) => one[side])).size).toBe(proposed.length);
        const chosen = new Set(proposed.map((one) => one[side]));
        for (const one of ambiguous) expect(chosen.has(one[side])).toBe(false);
      }
      for (const one of proposed) expect(one.score).toBeGreaterThanOrEqual(RULES.scoreMin);
      const shuffled = [...pairs].sort(
        (a, b) => ((a.left * 7 + a.right * 13 + seed) % 5) - ((b.left * 7 + b.right * 13 + seed) % 5),
      );
      const again = assign(shuffled, RULES);
      expect(texts(again.proposed)).toEqual(texts(proposed));
      expect(texts(again.ambiguous)).toEqual(texts(ambiguous));
      const swapped = assign(
        pairs.map(({ left, right, score }) => pair(right, left, score)),
        RULES,
      );
      expect(texts(swapped.proposed.map(({ left, right, score }) => pair(right, left, score)))).toEqual(
        texts(proposed),
      );
    }),
    { numRuns: 500 },
  );
});
