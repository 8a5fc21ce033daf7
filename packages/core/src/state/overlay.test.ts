import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StateKey } from "./key.ts";
import { memoryState } from "./memory.ts";
import { overlay } from "./overlay.ts";
import type { MutableState, StateEntry } from "./view.ts";

// Few keys, so that they meet: of different lengths, some the beginning of others.
const keyArb = fc.stringMatching(/^[abc]{1,3}$/).map((text) => text as StateKey);
const valueArb = fc.uint8Array({ minLength: 1, maxLength: 1 });
const setsArb = fc.array(fc.tuple(keyArb, valueArb), { maxLength: 40 });

/** What a state should say, by the simplest means: a list that is sorted anew for each question. */
function naiveState(): MutableState & { readonly entries: () => readonly StateEntry[] } {
  const pairs = new Map<StateKey, Uint8Array>();
  const entries = (): readonly StateEntry[] =>
    [...pairs].map(([key, value]) => ({ key, value })).sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    get: (key) => pairs.get(key),
    before: (key) => entries().findLast((entry) => entry.key < key),
    after: (key) => entries().find((entry) => entry.key > key),
    set: (key, value) => pairs.set(key, value),
    entries,
  };
}

function expectSame(state: MutableState, naive: MutableState, keys: readonly StateKey[]): void {
  for (const key of keys) {
    expect(state.get(key), `get ${key}`).toEqual(naive.get(key));
    expect(state.before(key), `before ${key}`).toEqual(naive.before(key));
    expect(state.after(key), `after ${key}`).toEqual(naive.after(key));
  }
}

test("a state in memory answers as a sorted list does", () => {
  fc.assert(
    fc.property(setsArb, fc.array(keyArb, { maxLength: 10 }), (sets, keys) => {
      const state = memoryState();
      const naive = naiveState();
      expectSame(state, naive, keys);
      for (const [key, value] of sets) {
        state.set(key, value);
        naive.set(key, value);
      }
      expectSame(state, naive, [...keys, ...sets.map(([key]) => key)]);
      expect(state.entries()).toEqual(naive.entries());
    }),
  );
});

describe("an overlay", () => {
  test("answers as if its changes were in the state, also over another overlay, and changes nothing below", () => {
    fc.assert(
      fc.property(
        setsArb,
        setsArb,
        setsArb,
        fc.array(keyArb, { maxLength: 10 }),
        (base, lower, upper, keys) => {
          const state = memoryState();
          const naive = naiveState();
          for (const [key, value] of base) {
            state.set(key, value);
            naive.set(key, value);
          }
          const below = overlay(state);
          const above = overlay(below);
          const before = state.entries();
          for (const [key, value] of lower) {
            below.set(key, value);
            naive.set(key, value);
          }
          const between = below.writes.slice();
          for (const [key, value] of upper) {
            above.set(key, value);
            naive.set(key, value);
          }
          expectSame(above, naive, [...keys, ...[...base, ...lower, ...upper].map(([key]) => key)]);
          expect(below.writes).toEqual(between);
          expect(state.entries()).toEqual(before);
          for (const write of [...below.writes, ...above.writes]) state.set(write.key, write.value);
          expect(state.entries()).toEqual(naive.entries());
        },
      ),
    );
  });

  test("keeps every write in its order, also two of one key", () => {
    const changes = overlay(memoryState());
    const writes = [
      { key: "b" as StateKey, value: Uint8Array.of(1) },
      { key: "a" as StateKey, value: Uint8Array.of(2) },
      { key: "b" as StateKey, value: Uint8Array.of(3) },
    ];
    for (const write of writes) changes.set(write.key, write.value);
    expect(changes.writes).toEqual(writes);
    expect(changes.get("b" as StateKey)).toEqual(Uint8Array.of(3));
  });
});
