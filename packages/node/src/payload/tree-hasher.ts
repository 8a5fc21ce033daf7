import { assert } from "@cityroot/core/assert";
import { equalBytes } from "@cityroot/core/hex";
import { ITEM_BYTES_MAX } from "@cityroot/core/limits";
import { leafHash, nodeHash } from "@cityroot/core/log/tree";
import { LANES_FREE_AT, openSha256Lanes, type Sha256Lanes } from "./sha256-lanes.ts";

const HASH_BYTES = 32;

/** Makes the hashes of RFC 6962 §2.1, many at a time, in a memory where the caller puts what is to be hashed. */
export type TreeHasher = {
  /** Of this the caller has what lies from {@link HASHER_FREE_AT} on. */
  readonly memory: Uint8Array;
  /**
   * Hashes of leaves, one after the other from `out` on. `places` holds address and length of each; none is longer than
   * {@link ITEM_BYTES_MAX}, and 15 bytes beyond each belong to the memory.
   */
  readonly hashLeaves: (places: Int32Array, count: number, out: number) => void;
  /**
   * Hashes of inner nodes, one after the other from `out` on, of pairs of hashes from `from` on. Up to
   * {@link HASHER_SPILL_BYTES} after the last may be overwritten; the two do not overlap.
   */
  readonly hashNodes: (from: number, pairs: number, out: number) => void;
};

/** Most bytes that {@link TreeHasher.hashNodes} overwrites after its last hash. */
export const HASHER_SPILL_BYTES: number = 3 * HASH_BYTES;

const SCRATCH_AT = LANES_FREE_AT;
const SLOTS_AT = SCRATCH_AT + HASH_BYTES;
/** Room for the longest item in blocks, and for what {@link Sha256Lanes.pad} writes beyond. */
const SLOT_BYTES: number = Math.ceil((1 + ITEM_BYTES_MAX + 9) / 64) * 64 + 128;
/** Where the caller's part of a hasher's memory begins. */
export const HASHER_FREE_AT: number = SLOTS_AT + 4 * SLOT_BYTES;

/** The fastest hasher that the machine has, with at least that many bytes for the caller. */
export function openTreeHasher(bytes: number): TreeHasher {
  return hasVectors() ? laneHasher(bytes) : plainHasher(bytes);
}

let answer: boolean | undefined;

/** Whether hashing in lanes works here, which is tried once. */
function hasVectors(): boolean {
  if (answer !== undefined) return answer;
  try {
    const lanes = laneHasher(256);
    checkAgainst(plainHasher(256), lanes);
    answer = true;
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    answer = false;
  }
  return answer;
}

/** Guards against a processor or a compiler that computes wrongly: every root rests on these hashes. */
function checkAgainst(right: TreeHasher, tried: TreeHasher): void {
  const leavesAt = HASHER_FREE_AT;
  const hashesAt = leavesAt + 64;
  for (const { memory, hashLeaves, hashNodes } of [right, tried]) {
    for (let at = 0; at < 64; at++) memory[leavesAt + at] = 5 * at;
    hashLeaves(Int32Array.of(leavesAt, 3, leavesAt, 60), 2, hashesAt);
    hashNodes(hashesAt, 1, hashesAt + 64);
  }
  const from = hashesAt;
  const to = hashesAt + 3 * HASH_BYTES;
  assert(
    equalBytes(right.memory.subarray(from, to), tried.memory.subarray(from, to)),
    "vectors hash as they should",
  );
}

/** Hashes four inputs at a time in the lanes of vectors. */
export function laneHasher(bytes: number): TreeHasher {
  const lanes = openSha256Lanes(HASHER_FREE_AT + bytes);
  return {
    memory: lanes.memory,
    hashLeaves: (places, count, out) => {
      for (let first = 0; first < count; first += 4) hashFour(lanes, places, first, count, out);
    },
    hashNodes: (from, pairs, out) => {
      if (pairs > 0) lanes.nodes(from - 1, out, out + pairs * HASH_BYTES);
    },
  };
}

/** Hashes the leaves from `first` on in lanes; where fewer than four are left, the last takes the other lanes too. */
function hashFour(lanes: Sha256Lanes, places: Int32Array, first: number, count: number, out: number): void {
  const blocks0 = fill(lanes, places, 0, first);
  const blocks1 = fill(lanes, places, 1, first + 1 < count ? first + 1 : first);
  const blocks2 = fill(lanes, places, 2, first + 2 < count ? first + 2 : first);
  const blocks3 = fill(lanes, places, 3, first + 3 < count ? first + 3 : first);
  const out0 = out + first * HASH_BYTES;
  const out1 = first + 1 < count ? out0 + HASH_BYTES : SCRATCH_AT;
  const out2 = first + 2 < count ? out0 + 2 * HASH_BYTES : SCRATCH_AT;
  const out3 = first + 3 < count ? out0 + 3 * HASH_BYTES : SCRATCH_AT;
  const blocks = Math.max(blocks0, blocks1, blocks2, blocks3);
  lanes.begin();
  for (let block = 1; block <= blocks; block++) {
    const at = SLOTS_AT + 64 * (block - 1);
    lanes.compress(at, at + SLOT_BYTES, at + 2 * SLOT_BYTES, at + 3 * SLOT_BYTES);
    // A lane whose input has ended goes on with what lies in its slot, for nothing.
    if (block !== blocks0 && block !== blocks1 && block !== blocks2 && block !== blocks3) continue;
    lanes.finish(
      block === blocks0 ? out0 : SCRATCH_AT,
      block === blocks1 ? out1 : SCRATCH_AT,
      block === blocks2 ? out2 : SCRATCH_AT,
      block === blocks3 ? out3 : SCRATCH_AT,
    );
  }
}

/** Puts a leaf into the slot of a lane and gives its length in blocks. */
function fill(lanes: Sha256Lanes, places: Int32Array, lane: number, leaf: number): number {
  const length = places[2 * leaf + 1]!;
  lanes.pad(SLOTS_AT + lane * SLOT_BYTES, places[2 * leaf]!, length);
  return (length + 73) >> 6;
}

/** Hashes one input after the other, with the hash that the core uses. */
export function plainHasher(bytes: number): TreeHasher {
  const memory = new Uint8Array(HASHER_FREE_AT + bytes);
  const hashAt = (at: number) => memory.subarray(at, at + HASH_BYTES);
  return {
    memory,
    hashLeaves: (places, count, out) => {
      for (let leaf = 0; leaf < count; leaf++) {
        const at = places[2 * leaf]!;
        memory.set(leafHash(memory.subarray(at, at + places[2 * leaf + 1]!)), out + HASH_BYTES * leaf);
      }
    },
    hashNodes: (from, pairs, out) => {
      for (let pair = 0; pair < pairs; pair++) {
        const at = from + 2 * HASH_BYTES * pair;
        memory.set(nodeHash(hashAt(at), hashAt(at + HASH_BYTES)), out + HASH_BYTES * pair);
      }
    },
  };
}
