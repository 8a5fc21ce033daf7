import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { assert } from "../assert.ts";
import { HASH_BYTES, sha256 } from "../hash.ts";

// The Merkle tree of RFC 6962 §2.1. Spec §8.3. Sizes and indexes go beyond 32 bits, so that halving is arithmetic, never a shift.

/** Most leaves of a log: 2^53-1, so that sizes and indexes stay exact. Our choice; the formats allow 2^64-1. */
export const LOG_SIZE_MAX: number = Number.MAX_SAFE_INTEGER;
/** Most hashes of one proof of a log of up to {@link LOG_SIZE_MAX} leaves: one for each level, and one more. */
export const PROOF_HASHES_MAX = 54;

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;
const SIZE_BYTES = 8;
const TWO_TO_32 = 0x1_0000_0000;

let leaf = new Uint8Array(4_096);
const node = new Uint8Array(1 + 2 * HASH_BYTES);
node[0] = NODE_PREFIX;

/** Hash of a leaf: SHA-256 of 0x00 and the entry. RFC 6962 §2.1. */
export function leafHash(entry: Uint8Array): Uint8Array {
  if (leaf.length <= entry.length) leaf = new Uint8Array(2 * entry.length);
  leaf[0] = LEAF_PREFIX;
  leaf.set(entry, 1);
  return sha256(leaf.subarray(0, 1 + entry.length));
}

/** Hash of an inner node: SHA-256 of 0x01 and the hashes of its two children, each 32 bytes. RFC 6962 §2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** Root of the tree without leaves: SHA-256 of nothing. RFC 6962 §2.1. */
export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0));
}

/** Root of the tree over leaf hashes, in order. RFC 6962 §2.1. */
export function rootOf(leafHashes: readonly Uint8Array[]): Uint8Array {
  return frontierRoot(appendLeaves(EMPTY_FRONTIER, leafHashes));
}

/**
 * A complete subtree: at level 0 the leaf hashes, at level l the roots over 2^l leaves, of which it covers those from
 * `index * 2^l` on.
 */
export type LogNode = { readonly level: number; readonly index: number };

/** Reads the hash of a complete subtree, 32 bytes, from wherever the tree is kept. */
export type HashAt = (level: number, index: number) => Uint8Array;

/** Is told of each complete subtree as it comes into being, so that a store can keep the levels that it wants. */
export type NodeObserver = (level: number, index: number, hash: Uint8Array) => void;

/**
 * What is needed to append to a log: its size in leaves, and the roots of the complete subtrees that cover them, from
 * left to right and so from large to small, one for each set bit of the size. Never changed in place.
 */
export type LogFrontier = { readonly size: number; readonly peaks: readonly Uint8Array[] };

/** The frontier of a log without leaves. */
export const EMPTY_FRONTIER: LogFrontier = { size: 0, peaks: [] };

/** The frontier with one more leaf, given as its {@link leafHash}. Costs one node hash on average. */
export function appendLeaf(frontier: LogFrontier, leaf: Uint8Array, onNode?: NodeObserver): LogFrontier {
  return appendLeaves(frontier, [leaf], onNode);
}

/** The frontier with more leaves, given as their {@link leafHash}es, in order. */
export function appendLeaves(
  frontier: LogFrontier,
  leafHashes: readonly Uint8Array[],
  onNode: NodeObserver = ignoreNode,
): LogFrontier {
  const size = frontier.size + leafHashes.length;
  assert(size <= LOG_SIZE_MAX, "a log holds at most 2^53-1 leaves");
  const peaks = frontier.peaks.slice();
  let index = frontier.size;
  for (const leaf of leafHashes) pushLeaf(peaks, index++, leaf, onNode);
  return { size, peaks };
}

function pushLeaf(peaks: Uint8Array[], leafIndex: number, leaf: Uint8Array, onNode: NodeObserver): void {
  let hash = leaf;
  let level = 0;
  let index = leafIndex;
  onNode(level, index, hash);
  // A right child completes its parent, and the left child is then always the last peak.
  while (index % 2 === 1) {
    hash = nodeHash(peaks.pop()!, hash);
    index = (index - 1) / 2;
    level += 1;
    onNode(level, index, hash);
  }
  peaks.push(hash);
}

function ignoreNode(): void {}

/** Root of the log that the frontier stands for. RFC 6962 §2.1. */
export function frontierRoot(frontier: LogFrontier): Uint8Array {
  return frontier.size === 0 ? emptyRoot() : foldPeaks(frontier.peaks);
}

/** The frontier of a log of `size` leaves, read from its tree: how a node starts from what it stored. */
export function readFrontier(hashAt: HashAt, size: number): LogFrontier {
  return { size, peaks: peaksOf(0, size).map(({ level, index }) => hashAt(level, index)) };
}

/**
 * The complete subtrees that cover the leaves from `begin` to before `end`, from left to right, when `begin` is a
 * multiple of a power of two that is at least `end - begin`: so they are for every subtree of RFC 6962 §2.1.
 */
export function peaksOf(begin: number, end: number): LogNode[] {
  const peaks: LogNode[] = [];
  let at = begin;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (2 * width <= end - at) {
      width *= 2;
      level += 1;
    }
    peaks.push({ level, index: at / width });
    at += width;
  }
  return peaks;
}

/** Root over the leaves from `begin` to before `end`: MTH(D[begin:end]) of RFC 6962 §2.1, as in {@link peaksOf}. */
export function readSubtreeRoot(hashAt: HashAt, begin: number, end: number): Uint8Array {
  return foldPeaks(peaksOf(begin, end).map(({ level, index }) => hashAt(level, index)));
}

function foldPeaks(peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.reduceRight((right, left) => nodeHash(left, right));
}

/** Largest power of two below `width`, which is at least 2: where RFC 6962 §2.1 splits a subtree. */
export function splitOf(width: number): number {
  let split = 1;
  while (2 * split < width) split *= 2;
  return split;
}

/** Canonical bytes of a frontier: the size as 8 bytes, big-endian, then the peaks. Our own form. */
export function encodeFrontier(frontier: LogFrontier): Uint8Array {
  const bytes = new Uint8Array(SIZE_BYTES + HASH_BYTES * frontier.peaks.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(frontier.size / TWO_TO_32));
  view.setUint32(4, frontier.size % TWO_TO_32);
  for (const [at, peak] of frontier.peaks.entries()) bytes.set(peak, SIZE_BYTES + HASH_BYTES * at);
  return bytes;
}

/** Reads {@link encodeFrontier}'s bytes: exactly as many peaks as the size has set bits. */
export function decodeFrontier(bytes: Uint8Array): Parsed<LogFrontier> {
  if (bytes.length < SIZE_BYTES) return refuseFrontier("size", "8 bytes of size", `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint32(0) * TWO_TO_32 + view.getUint32(4);
  if (size > LOG_SIZE_MAX) return refuseFrontier("size", "at most 2^53-1 leaves", "more");
  const count = peaksOf(0, size).length;
  const length = SIZE_BYTES + HASH_BYTES * count;
  if (bytes.length !== length)
    return refuseFrontier("peaks", `${length} bytes in all`, `${bytes.length} bytes`);
  const peaks = Array.from({ length: count }, (_, at) =>
    bytes.slice(SIZE_BYTES + HASH_BYTES * at, SIZE_BYTES + HASH_BYTES * (at + 1)),
  );
  return parsed({ size, peaks });
}

function refuseFrontier(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}
