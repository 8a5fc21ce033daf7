import { leafHash, nodeHash } from "@cityroot/core/log/tree";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HASHER_FREE_AT, laneHasher, plainHasher, type TreeHasher } from "./tree-hasher.ts";

const MEMORY_BYTES = 200_000;
const HASHES_AT = HASHER_FREE_AT + 150_000;

const hashers: readonly (readonly [string, TreeHasher])[] = [
  ["in lanes", laneHasher(MEMORY_BYTES)],
  ["plainly", plainHasher(MEMORY_BYTES)],
];

/** Bytes that look like nothing in particular. */
function someBytes(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed * 2_654_435_761 + 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

function hashLeaves(hasher: TreeHasher, leaves: readonly Uint8Array[]): Uint8Array[] {
  const places = new Int32Array(2 * leaves.length);
  let at = HASHER_FREE_AT;
  for (const [index, leaf] of leaves.entries()) {
    places.set([at, leaf.length], 2 * index);
    hasher.memory.set(leaf, at);
    at += leaf.length;
  }
  hasher.hashLeaves(places, leaves.length, HASHES_AT);
  return leaves.map((_, index) => hasher.memory.slice(HASHES_AT + 32 * index, HASHES_AT + 32 * index + 32));
}

describe.each(hashers)("hashing %s", (_, hasher) => {
  test("gives the hash of every leaf of 0 to 4,096 bytes", () => {
    for (let length = 0; length <= 4_096; length += length < 300 ? 1 : 61) {
      const leaves = [length, length, length, length].map((bytes, seed) => someBytes(bytes, seed));
      expect(hashLeaves(hasher, leaves), `${length} bytes`).toEqual(leaves.map(leafHash));
    }
  });

  test("gives the hashes of leaves of different lengths together", () => {
    const lengths = fc.array(fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 4_096 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(lengths, (sizes) => {
        const leaves = sizes.map((bytes, seed) => someBytes(bytes, seed));
        expect(hashLeaves(hasher, leaves)).toEqual(leaves.map(leafHash));
      }),
    );
  });

  test("gives the hashes of 0 to 40 nodes, from and to every alignment", () => {
    for (let pairs = 0; pairs <= 40; pairs++) {
      const from = HASHER_FREE_AT + (pairs % 17);
      const out = HASHES_AT + (pairs % 13);
      const hashes = Array.from({ length: 2 * pairs }, (_, at) => someBytes(32, at));
      for (const [at, hash] of hashes.entries()) hasher.memory.set(hash, from + 32 * at);
      hasher.hashNodes(from, pairs, out);
      for (let pair = 0; pair < pairs; pair++) {
        const made = hasher.memory.slice(out + 32 * pair, out + 32 * pair + 32);
        const right = nodeHash(hashes[2 * pair]!, hashes[2 * pair + 1]!);
        expect(made, `${pair} of ${pairs}`).toEqual(right);
      }
    }
  });
});
