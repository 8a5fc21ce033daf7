import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestArb } from "./attribute/attribute.testing.ts";
import { type Block, decodeBlock, encodeBlock, encodeLogEntry, logEntriesOf } from "./block.ts";
import { cborArb, cborOf, expectStrictCodec, FUZZ_RUNS, mutationArb } from "./cbor.testing.ts";
import { encodeCbor } from "./cbor.ts";
import { sha256 } from "./hash.ts";

const blockArb: fc.Arbitrary<Block> = fc
  .record({
    height: fc.maxSafeNat(),
    timeMs: fc.maxSafeNat(),
    entries: fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(110)), { maxLength: 5 }),
    stateRoot: digestArb,
  })
  .map(({ entries, ...rest }) => ({
    ...rest,
    transactions: entries.map(([bytes]) => bytes),
    results: entries.map(([, result]) => result),
  }));

const BLOCK: Block = {
  height: 7,
  timeMs: 1_767_225_600_000,
  transactions: [Uint8Array.of(1), Uint8Array.of(2, 3)],
  results: [0, 61],
  stateRoot: new Uint8Array(32).fill(9),
};

test("a block comes back from its bytes, and no damage gives it a second encoding", () => {
  fc.assert(
    fc.property(blockArb, fc.array(mutationArb, { maxLength: 10 }), (block, mutations) => {
      expect(decodeBlock(encodeBlock(block))).toEqual(block);
      expectStrictCodec(block, encodeBlock, decodeBlock, mutations);
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 100) },
  );
});

test("other values are no block", () => {
  fc.assert(fc.property(cborArb, (value) => decodeBlock(encodeCbor(value)) === undefined));
});

describe("a block is none", () => {
  const parts = cborOf(encodeBlock(BLOCK)) as never[];
  test.each<[string, number, unknown]>([
    ["with a height below zero", 0, -1],
    ["with a time that is text", 1, "7"],
    ["with transactions that are no list", 2, new Uint8Array(2)],
    ["with a transaction that is text", 2, ["a", "b"]],
    ["with fewer transactions than results", 2, [Uint8Array.of(1)]],
    ["with results that are no list", 3, null],
    ["with more results than transactions", 3, [0, 0, 0]],
    ["with a result below zero", 3, [0, -1]],
    ["with a root that is too short", 4, new Uint8Array(31)],
  ])("%s", (_, at, value) => {
    const changed = parts.map((part, place) => (place === at ? value : part));
    expect(decodeBlock(encodeCbor(changed as never))).toBeUndefined();
  });
});

test("the log has an entry for each transaction, refused ones too, in their order", () => {
  const entries = logEntriesOf(BLOCK);
  expect(entries.map(cborOf)).toEqual([
    [7, 0, 1_767_225_600_000, sha256(Uint8Array.of(1)), 0],
    [7, 1, 1_767_225_600_000, sha256(Uint8Array.of(2, 3)), 61],
  ]);
  expect(entries[1]).toEqual(
    encodeLogEntry({
      height: 7,
      index: 1,
      timeMs: BLOCK.timeMs,
      digest: sha256(Uint8Array.of(2, 3)),
      result: 61,
    }),
  );
  expect(logEntriesOf({ ...BLOCK, transactions: [], results: [] })).toEqual([]);
});
