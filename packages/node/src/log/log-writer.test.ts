import { equalBytes } from "@cityroot/core/hex";
import { proveConsistency, verifyConsistency } from "@cityroot/core/log/consistency";
import { proveInclusion, verifyInclusion } from "@cityroot/core/log/inclusion";
import {
  changedTiles,
  decodeEntryBundle,
  hashAtOfTiles,
  TILE_WIDTH,
  tileWidthAt,
} from "@cityroot/core/log/tile";
import {
  decodeFrontier,
  EMPTY_FRONTIER,
  encodeFrontier,
  frontierRoot,
  type LogFrontier,
  leafHash,
  rootOf,
} from "@cityroot/core/log/tree";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { installNativeFunctions } from "../store/native-functions.ts";
import { type LogStorage, openLogWriter } from "./log-writer.ts";

// Goal: the tiles and bundles are those of the core's log, whatever the sizes of blocks and however often the log is
// opened again.
// Method: a log grows block by block over a storage in memory and is compared with the leaves themselves.

beforeAll(installNativeFunctions);

/** A storage in memory that keeps only what a log writer gives it. */
function openStorage() {
  const tiles = new Map<string, Uint8Array>();
  const bundles = new Map<number, Uint8Array>();
  const storage: LogStorage = {
    readTile: (level, index) => tiles.get(`${level}/${index}`),
    readEntryBundle: (index) => bundles.get(index),
  };
  let frontier: LogFrontier = EMPTY_FRONTIER;
  let writer = openLogWriter(frontier, storage);
  return {
    tiles,
    bundles,
    frontier: () => frontier,
    grow: (entries: readonly Uint8Array[]) => {
      const growth = writer.grow(entries);
      for (const [level, index, bytes] of growth.tiles) tiles.set(`${level}/${index}`, bytes.slice());
      for (const [index, bytes] of growth.entryBundles) bundles.set(index, bytes.slice());
      frontier = growth.frontier;
      return growth;
    },
    reopen: () => {
      const stored = decodeFrontier(encodeFrontier(frontier));
      if (!stored.ok) throw new Error(stored.fault.field);
      writer = openLogWriter(stored.value, storage);
    },
  };
}

function entryOf(at: number): Uint8Array {
  return Buffer.from(`entry ${at} ${"x".repeat(at % 7)}`);
}

/** The hashes of a tile, worked out from the leaves. */
function tileOf(leaves: readonly Uint8Array[], level: number, index: number, width: number): Uint8Array {
  const span = TILE_WIDTH ** level;
  const rows = Array.from({ length: width }, (_, row) => {
    const first = (index * TILE_WIDTH + row) * span;
    return level === 0 ? leaves[first]! : rootOf(leaves.slice(first, first + span));
  });
  return Buffer.concat(rows);
}

function expectTilesOf(
  { tiles, bundles }: ReturnType<typeof openStorage>,
  entries: readonly Uint8Array[],
  leaves: readonly Uint8Array[],
): void {
  const wanted = changedTiles(0, leaves.length);
  expect(tiles.size, `tiles at size ${leaves.length}`).toBe(wanted.length);
  for (const { level, index, newWidth } of wanted) {
    const name = `tile ${level}/${index} at size ${leaves.length}`;
    const tile = tiles.get(`${level}/${index}`);
    expect(tile !== undefined && equalBytes(tile, tileOf(leaves, level, index, newWidth)), name).toBe(true);
  }
  expect(bundles.size).toBe(Math.ceil(leaves.length / TILE_WIDTH));
  for (const [index, bytes] of bundles) {
    const width = tileWidthAt(0, index, leaves.length);
    const decoded = decodeEntryBundle(bytes, width);
    if (!decoded.ok) throw new Error(`bundle ${index}: ${decoded.fault.field}`);
    const same = decoded.value.every((entry, row) => equalBytes(entry, entries[index * TILE_WIDTH + row]!));
    expect(same, `bundle ${index}`).toBe(true);
  }
}

test("small and large blocks over the first boundaries, opened again in between", () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 200, max: 300 }),
    fc.constantFrom(255, 256, 257, 512, 1),
  );
  const blocks = fc.array(fc.tuple(sizes, fc.boolean()), { minLength: 1, maxLength: 14, size: "max" });
  fc.assert(
    fc.property(blocks, (steps) => {
      const log = openStorage();
      const entries: Uint8Array[] = [];
      for (const [count, reopens] of steps) {
        const more = Array.from({ length: count }, (_, at) => entryOf(entries.length + at));
        entries.push(...more);
        const growth = log.grow(more);
        const leaves = entries.map(leafHash);
        expect(equalBytes(frontierRoot(growth.frontier), rootOf(leaves)), `root at ${leaves.length}`).toBe(
          true,
        );
        const size = leaves.length;
        const last = { index: size - 1, size, path: growth.lastPath };
        expect(verifyInclusion(leaves[size - 1]!, last, rootOf(leaves)), `last of ${size}`).toBe(true);
        if (reopens) log.reopen();
      }
      expectTilesOf(log, entries, entries.map(leafHash));
    }),
    { numRuns: 15 },
  );
});

test("over the boundary of the third level, what is stored proves every checkpoint to every later one", () => {
  const log = openStorage();
  const entries: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  const checkpoints: { readonly size: number; readonly root: Uint8Array }[] = [];
  const sizes = [1, 254, 1, 1, 255, 300, 64_000, 500, 222, 1, 1, 1, 256, 1_000, 2];
  for (const [at, count] of sizes.entries()) {
    const more = Array.from({ length: count }, (_, next) => entryOf(entries.length + next));
    for (const entry of more) {
      entries.push(entry);
      leaves.push(leafHash(entry));
    }
    const { frontier } = log.grow(more);
    checkpoints.push({ size: frontier.size, root: frontierRoot(frontier) });
    if (at % 2 === 1) log.reopen();
  }
  expectTilesOf(log, entries, leaves);
  const hashAt = hashAtOfTiles((level, index) => log.tiles.get(`${level}/${index}`)!);
  for (const [at, older] of checkpoints.entries()) {
    for (const newer of checkpoints.slice(at)) {
      const proof = proveConsistency(hashAt, older.size, newer.size);
      const name = `${older.size} to ${newer.size}`;
      expect(verifyConsistency(older.root, newer.root, proof), name).toBe(true);
    }
    for (const index of [0, 255, 256, 65_535, 65_536, older.size - 1].filter((leaf) => leaf < older.size)) {
      const proof = proveInclusion(hashAt, index, older.size);
      expect(verifyInclusion(leaves[index]!, proof, older.root), `${index} in ${older.size}`).toBe(true);
    }
  }
});
