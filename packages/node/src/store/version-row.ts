import { leafHash, nodeHash } from "@cityroot/core/log/tree";
import { decodeVersioned, type Moment } from "@cityroot/core/state/entry";
import { StoreDamagedError } from "./store-damaged-error.ts";

/**
 * An earlier version of an entry, as the store keeps it. Rows are numbered from 1 in the order in which versions were
 * replaced, so that writing them is appending; each knows where the subtrees of its entry's history lie, so that any
 * version and its proof are found in steps that grow with the logarithm of their number.
 */
export type VersionRow = {
  /** Index in the history, from 0: the version's number less one. */
  readonly index: number;
  /** When the next version began. */
  readonly until: Moment;
  /** Root of the complete subtree of height h that ends with this row, for each height from 0 up. */
  readonly hashes: readonly Uint8Array[];
  /** Row in which the subtree left of that one ends; 0 where none is. */
  readonly lefts: readonly number[];
  readonly bytes: Uint8Array;
};

const HASH_BYTES = 32;
const HEAD_BYTES = 1 + 8 + 8 + 8;

/** The row for a version that is replaced now. `rowOf` reads the rows before it. */
export function makeVersionRow(
  bytes: Uint8Array,
  earlier: number,
  until: Moment,
  rowOf: (number: number) => VersionRow,
): VersionRow {
  const index = earlier === 0 ? 0 : rowOf(earlier).index + 1;
  const hashes = [leafHash(bytes)];
  const lefts = [earlier];
  // Each trailing one of the index is a complete subtree to the left of the same height, which closes with this row.
  for (let height = 0, rest = index; rest % 2 === 1; height++, rest = (rest - 1) / 2) {
    const left = rowOf(lefts[height]!);
    hashes.push(nodeHash(left.hashes[height]!, hashes[height]!));
    lefts.push(left.lefts[height]!);
  }
  return { index, until, hashes, lefts, bytes };
}

/** Bytes of a row. */
export function encodeVersionRow(row: VersionRow): Buffer {
  const levels = row.hashes.length;
  const out = Buffer.allocUnsafe(HEAD_BYTES + levels * (HASH_BYTES + 4) + row.bytes.length);
  out[0] = levels;
  out.writeDoubleLE(row.index, 1);
  out.writeDoubleLE(row.until.height, 9);
  out.writeDoubleLE(row.until.timeMs, 17);
  let at = HEAD_BYTES;
  for (let level = 0; level < levels; level++) {
    at = out.writeUInt32LE(row.lefts[level]!, at);
    out.set(row.hashes[level]!, at);
    at += HASH_BYTES;
  }
  out.set(row.bytes, at);
  return out;
}

/** Reads a row; the row keeps views of the bytes. */
export function decodeVersionRow(bytes: Buffer): VersionRow {
  const levels = bytes[0] ?? 0;
  const end = HEAD_BYTES + levels * (HASH_BYTES + 4);
  if (levels === 0 || bytes.length < end)
    throw new StoreDamagedError("a version row of the store is damaged");
  const hashes: Uint8Array[] = [];
  const lefts: number[] = [];
  for (let at = HEAD_BYTES; at < end; at += HASH_BYTES + 4) {
    lefts.push(bytes.readUInt32LE(at));
    hashes.push(bytes.subarray(at + 4, at + 4 + HASH_BYTES));
  }
  return {
    index: bytes.readDoubleLE(1),
    until: { height: bytes.readDoubleLE(9), timeMs: bytes.readDoubleLE(17) },
    hashes,
    lefts,
    bytes: bytes.subarray(end),
  };
}

/** Whether a value is an entry with versions, and so leaves a row when it is replaced. */
export function hasVersions(value: Uint8Array): boolean {
  // Types below 24 are one byte after the array's head; network, tally, intervals, replay entries and misbehaviours have
  // no versions.
  const type = value[1];
  return type === 2 || type === 3 || type === 4 || type === 6 || type === 10 || type === 11;
}

/** Since when the version of some bytes held. */
export function sinceOf(bytes: Uint8Array): Moment {
  const entry = decodeVersioned(bytes);
  if (entry === undefined) throw new StoreDamagedError("a version row of the store holds no version");
  return entry.version.since;
}
