import { expect, test } from "vitest";
import { encodeLogEntry, encodeSeal } from "../block.ts";
import { FIRST_LEAF, type LeafOrder, orderAfter } from "./leaf-order.ts";

const seal = (height: number, timeMs: number): Uint8Array =>
  encodeSeal({ height, timeMs, stateRoot: new Uint8Array(32) });
const entry = (height: number, index: number, timeMs: number): Uint8Array =>
  encodeLogEntry({ height, index, timeMs, digest: new Uint8Array(32), result: 0 });

/** What the next leaf has to be after these, or the number of the first that may not stand where it does. */
function read(...leaves: readonly Uint8Array[]): LeafOrder | number {
  let order = FIRST_LEAF;
  for (const [at, leaf] of leaves.entries()) {
    const next = orderAfter(order, leaf);
    if (next === undefined) return at;
    order = next;
  }
  return order;
}

test("a log is one block after the other, each with one seal at its end", () => {
  const log = [seal(0, 5), entry(1, 0, 6), entry(1, 1, 6), seal(1, 6), seal(2, 6), entry(3, 0, 9)];
  expect(read(...log)).toEqual({ height: 3, index: 1, timeMs: 9 });
  expect(read(...log, seal(3, 9))).toEqual({ height: 4, index: 0, timeMs: 9 });
});

test.each<[string, Uint8Array[]]>([
  ["a second seal of a height", [seal(0, 5), seal(1, 6), seal(1, 6)]],
  ["a height that is left out", [seal(0, 5), seal(2, 6)]],
  ["a height from before", [seal(0, 5), seal(1, 6), seal(0, 6)]],
  ["a beginning that is not the genesis", [seal(1, 5)]],
  ["a transaction of block 0", [entry(0, 0, 5)]],
  ["a transaction after its block's seal", [seal(0, 5), seal(1, 6), entry(1, 0, 6)]],
  ["a transaction of the next block before the seal", [seal(0, 5), entry(1, 0, 6), entry(2, 0, 7)]],
  ["a transaction that is left out", [seal(0, 5), entry(1, 1, 6)]],
  ["a transaction twice", [seal(0, 5), entry(1, 0, 6), entry(1, 0, 6)]],
  ["a time that goes back", [seal(0, 5), seal(1, 4)]],
  ["a seal of another time than its transactions", [seal(0, 5), entry(1, 0, 6), seal(1, 7)]],
  ["a transaction of another time than those before it", [seal(0, 5), entry(1, 0, 6), entry(1, 1, 7)]],
  ["what is no leaf", [seal(0, 5), new Uint8Array(3)]],
])("is refused: %s", (_, leaves) => {
  expect(read(...leaves)).toBe(leaves.length - 1);
});
