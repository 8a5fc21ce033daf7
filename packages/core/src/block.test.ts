import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestArb } from "./attribute/attribute.testing.ts";
import {
  type Block,
  decodeBlock,
  decodeLogLeaf,
  encodeBlock,
  encodeLogEntry,
  encodeSeal,
  logEntriesOf,
  type Seal,
} from "./block.ts";
import { cborArb, cborOf, expectStrictCodec, FUZZ_RUNS, mutationArb } from "./cbor.testing.ts";
import { encodeCbor } from "./cbor.ts";
import { sha256 } from "./hash.ts";
import { BLOCK_MISBEHAVIOURS_MAX } from "./limits.ts";
import { misbehaviourArb } from "./state/entry.testing.ts";
import { misbehaviourToCbor } from "./state/misbehaviour.ts";

const blockArb: fc.Arbitrary<Block> = fc
  .record({
    height: fc.maxSafeNat(),
    timeMs: fc.maxSafeNat(),
    entries: fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(110)), { maxLength: 5 }),
    stateRoot: digestArb,
    misbehaviour: fc.array(misbehaviourArb, { maxLength: 3 }),
  })
  .map(({ entries, misbehaviour, ...rest }) => ({
    ...rest,
    ...(misbehaviour.length > 0 && { misbehaviour }),
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

describe("what a block records of validators", () => {
  const parts = cborOf(encodeBlock(BLOCK)) as never[];
  const [one] = fc.sample(misbehaviourArb, 1);
  const read = (reported: unknown) => decodeBlock(encodeCbor([...parts, reported as never]));
  const many = (count: number) => Array(count).fill(misbehaviourToCbor(one!));

  test("is a part more, as many as there may be", () => {
    for (const count of [1, BLOCK_MISBEHAVIOURS_MAX])
      expect(read(many(count)), `${count}`).toEqual({ ...BLOCK, misbehaviour: many(count).map(() => one) });
  });

  test.each<[string, unknown]>([
    ["nothing", []],
    ["null", null],
    ["too many", many(BLOCK_MISBEHAVIOURS_MAX + 1)],
    ["one of an unknown kind", [[3, new Uint8Array(20), 1, 1, 1, 1]]],
    ["one with an address that is too short", [[1, new Uint8Array(19), 1, 1, 1, 1]]],
    ["one with a power below zero", [[1, new Uint8Array(20), -1, 1, 1, 1]]],
    ["one with a part more", [[1, new Uint8Array(20), 1, 1, 1, 1, 1]]],
  ])("is not %s", (_, reported) => {
    expect(read(reported)).toBeUndefined();
  });

  test("is no leaf of the log: the seal's state root commits to it", () => {
    expect(logEntriesOf({ ...BLOCK, misbehaviour: [one!] })).toEqual(logEntriesOf(BLOCK));
  });
});

test("the log has an entry for each transaction, refused ones too, in their order, and a seal", () => {
  const entries = logEntriesOf(BLOCK);
  expect(entries.map(cborOf)).toEqual([
    [7, 0, 1_767_225_600_000, sha256(Uint8Array.of(1)), 0],
    [7, 1, 1_767_225_600_000, sha256(Uint8Array.of(2, 3)), 61],
    [7, 1_767_225_600_000, BLOCK.stateRoot],
  ]);
  expect(entries[2]).toEqual(encodeSeal(BLOCK));
  expect(entries[1]).toEqual(
    encodeLogEntry({
      height: 7,
      index: 1,
      timeMs: BLOCK.timeMs,
      digest: sha256(Uint8Array.of(2, 3)),
      result: 61,
    }),
  );
  expect(logEntriesOf({ ...BLOCK, transactions: [], results: [] })).toEqual([encodeSeal(BLOCK)]);
});

test("an entry of the log comes back from its bytes, a seal as well, and neither passes for the other", () => {
  const seal = { height: 7, timeMs: BLOCK.timeMs, stateRoot: BLOCK.stateRoot };
  const entry = { height: 7, index: 1, timeMs: BLOCK.timeMs, digest: sha256(Uint8Array.of(1)), result: 0 };
  expect(decodeLogLeaf(encodeSeal(seal))).toEqual(seal);
  expect(decodeLogLeaf(encodeLogEntry(entry))).toEqual(entry);
  const leafArb = fc.record({ height: fc.maxSafeNat(), timeMs: fc.maxSafeNat(), stateRoot: digestArb });
  fc.assert(
    fc.property(leafArb, fc.array(mutationArb, { maxLength: 10 }), (leaf, mutations) => {
      expectStrictCodec(
        leaf,
        encodeSeal,
        decodeLogLeaf as (bytes: Uint8Array) => Seal | undefined,
        mutations,
      );
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 100) },
  );
});

test.each<[string, unknown]>([
  ["a number", 7],
  ["nothing", []],
  ["a seal with a part more", [7, 9, new Uint8Array(32), 0]],
  ["a seal with a short root", [7, 9, new Uint8Array(31)]],
  ["a seal below zero", [-1, 9, new Uint8Array(32)]],
  ["a seal of text", [7, "9", new Uint8Array(32)]],
  ["an entry with a short digest", [7, 0, 9, new Uint8Array(31), 0]],
  ["an entry with a result of text", [7, 0, 9, new Uint8Array(32), "0"]],
  ["an entry without an index", [7, null, 9, new Uint8Array(32), 0]],
])("a leaf of the log is none: %s", (_, value) => {
  expect(decodeLogLeaf(encodeCbor(value as never))).toBeUndefined();
});
