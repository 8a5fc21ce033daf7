import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../hash.ts";
import { EXPIRY_BLOCKS_CROWDED, EXPIRY_BLOCKS_MAX } from "../limits.ts";
import { replayKey } from "./key.ts";
import { memoryState } from "./memory.ts";
import {
  encodeReplay,
  type ReplayBlock,
  type ReplayWindow,
  readReplayWindow,
  replaySlotOf,
  replayWindow,
} from "./replay.ts";

function idOf(number: number): Uint8Array {
  return sha256(Uint8Array.of(number & 255, number >> 8));
}

test("an id is known up to its last height, and not beyond", () => {
  const window = replayWindow();
  window.expire(5);
  window.add(idOf(1), 5, 7);
  for (const height of [5, 6, 7]) {
    window.expire(height);
    expect(window.heightOf(idOf(1)), `height ${height}`).toBe(5);
  }
  window.expire(8);
  expect(window.heightOf(idOf(1))).toBeUndefined();
});

test("it tells at which place of which block a transaction entered, also when it was read from the state", () => {
  const ids = [1, 2, 3, 4].map(idOf);
  const entries: readonly ReplayBlock[] = [
    { height: 7, ids: ids.slice(0, 3), lastHeights: [7, 12, 12] },
    { height: 8, ids: ids.slice(3), lastHeights: [12] },
  ];
  const window = replayWindow();
  const state = memoryState();
  for (const block of entries) {
    for (const [at, id] of block.ids.entries()) window.add(id, block.height, block.lastHeights[at]!);
    state.set(replayKey(replaySlotOf(block.height)), encodeReplay(block));
  }
  window.expire(9);
  const wanted = [undefined, { height: 7, index: 1 }, { height: 7, index: 2 }, { height: 8, index: 0 }];
  expect(ids.map(window.placeOf)).toEqual(wanted);
  expect(ids.map(readReplayWindow(state, 8).placeOf)).toEqual(wanted);
});

test("half full it is crowded, and takes with each block no more than the share of that", () => {
  const window = replayWindow(4 * EXPIRY_BLOCKS_CROWDED);
  const first = 2 * EXPIRY_BLOCKS_CROWDED;
  for (let number = 0; number < first; number++) {
    expect([window.isCrowded(), window.isFull(1)], `before ${number}`).toEqual([false, false]);
    window.add(idOf(number), 1, 3);
  }
  expect([window.isCrowded(), window.isFull(1)]).toEqual([true, true]);
  window.expire(2);
  for (let number = first; number < first + 2; number++) {
    expect(window.isFull(2), `before ${number}`).toBe(false);
    window.add(idOf(number), 2, 2);
  }
  expect([window.isFull(2), window.isFull(3)]).toEqual([true, false]);
  window.expire(4);
  expect([window.isCrowded(), window.isFull(4)]).toEqual([false, false]);
});

test("heights that were jumped over expire too, however many", () => {
  for (const jump of [2, EXPIRY_BLOCKS_MAX, EXPIRY_BLOCKS_MAX + 1, 10 * EXPIRY_BLOCKS_MAX]) {
    const window = replayWindow(4);
    window.expire(10);
    window.add(idOf(1), 10, 11);
    window.add(idOf(2), 10, 10 + jump);
    window.expire(10 + jump);
    expect(window.heightOf(idOf(1)), `jump ${jump}`).toBeUndefined();
    expect(window.heightOf(idOf(2)), `jump ${jump}`).toBe(10);
    expect(window.isCrowded(), `jump ${jump}`).toBe(false);
    window.expire(11 + jump);
    expect(window.heightOf(idOf(2)), `jump ${jump}`).toBeUndefined();
  }
});

test("slots form a ring", () => {
  expect(replaySlotOf(0)).toBe(0);
  expect(replaySlotOf(EXPIRY_BLOCKS_MAX - 1)).toBe(EXPIRY_BLOCKS_MAX - 1);
  expect(replaySlotOf(EXPIRY_BLOCKS_MAX)).toBe(0);
});

/** A block of a history: how many blocks it comes after the one before, and the expiries of what entered with it. */
type Step = { readonly after: number; readonly expiries: readonly number[] };

const stepArb: fc.Arbitrary<Step> = fc.record({
  after: fc.constant(1),
  expiries: fc.array(fc.oneof(fc.nat(5), fc.constantFrom(EXPIRY_BLOCKS_MAX - 1, EXPIRY_BLOCKS_MAX - 2)), {
    maxLength: 3,
  }),
});

/**
 * Goal: a window is a function of the state, so that a node that starts anew decides as one that ran on.
 * Method: a history from any height on, with a live window; after each block one is read from the state.
 */
test("a window that is read from the state equals the live one", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 5, EXPIRY_BLOCKS_MAX - 2, EXPIRY_BLOCKS_MAX, 3 * EXPIRY_BLOCKS_MAX - 1, 1_000_000),
      fc.array(stepArb, { minLength: 1, maxLength: 12 }),
      (start, steps) => {
        const state = memoryState();
        const live = replayWindow();
        let height = start - 1;
        let number = 0;
        for (const { expiries } of steps) {
          height += 1;
          live.expire(height);
          const block: ReplayBlock = {
            height,
            ids: expiries.map(() => idOf(number++)),
            lastHeights: expiries.map((expiry) => height + expiry),
          };
          for (const [at, id] of block.ids.entries()) live.add(id, height, block.lastHeights[at]!);
          state.set(replayKey(replaySlotOf(height)), encodeReplay(block));
        }
        const read = readReplayWindow(state, height);
        for (const later of [height + 1, height + 2, height + 4, height + 6, height + EXPIRY_BLOCKS_MAX]) {
          read.expire(later);
          live.expire(later);
          expectSame(read, live, number, `at ${later}`);
        }
      },
    ),
    { numRuns: 30 },
  );
});

function expectSame(a: ReplayWindow, b: ReplayWindow, numbers: number, message: string): void {
  const heights = (window: ReplayWindow) =>
    Array.from({ length: numbers }, (_, number) => window.heightOf(idOf(number)));
  expect(heights(a), message).toEqual(heights(b));
}

describe("what a slot holds from a lap ago", () => {
  test("is passed over", () => {
    const state = memoryState();
    const old = { height: 3, ids: [idOf(1)], lastHeights: [3 + EXPIRY_BLOCKS_MAX - 1] };
    state.set(replayKey(3), encodeReplay(old));
    expect(readReplayWindow(state, 3 + EXPIRY_BLOCKS_MAX - 2).heightOf(idOf(1))).toBe(3);
    // By the block that takes its slot it has expired.
    expect(readReplayWindow(state, 3 + EXPIRY_BLOCKS_MAX - 1).heightOf(idOf(1))).toBeUndefined();
    expect(readReplayWindow(state, 3 + EXPIRY_BLOCKS_MAX).heightOf(idOf(1))).toBeUndefined();
  });
});
