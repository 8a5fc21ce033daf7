import { proveInclusion } from "@cityroot/core/log/inclusion";
import type { AsOf } from "@cityroot/core/proof/answer";
import type { VersionProof } from "@cityroot/core/proof/bundle";
import type { Moment } from "@cityroot/core/state/entry";
import type { StateKey } from "@cityroot/core/state/key";
import type { VersionRow } from "./version-row.ts";

/** Reads a version row by its number. */
export type ReadRow = (number: number) => VersionRow;

/** Number of the row of an entry's version `index` (from 0); `newest` is its newest row. */
export function findRow(readRow: ReadRow, newest: number, index: number): number {
  let at = newest;
  for (;;) {
    const row = readRow(at);
    // The tallest subtree that ends here: what lies before it is reached past its left edge.
    const top = row.hashes.length - 1;
    const width = 2 ** top;
    if (index > row.index - width) return descend(readRow, at, top, index);
    at = row.lefts[top]!;
  }
}

function descend(readRow: ReadRow, end: number, height: number, index: number): number {
  let at = end;
  for (let level = height; level > 0; level--) {
    const row = readRow(at);
    if (index <= row.index - 2 ** (level - 1)) at = row.lefts[level - 1]!;
  }
  return at;
}

/** Number of the row whose version held at a moment before the newest row's end; 0 when none did yet. */
export function findRowAt(readRow: ReadRow, newest: number, ends: (until: Moment) => boolean): number {
  // `ends` tells whether a version that ended at `until` was over by then: versions that were over lie to the left.
  let low = 0;
  let high = readRow(newest).index;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (ends(readRow(findRow(readRow, newest, middle)).until)) low = middle + 1;
    else high = middle;
  }
  return findRow(readRow, newest, low);
}

/** Proof that a row's version is in the history that the newest row ends. */
export function proveRow(readRow: ReadRow, newest: number, number: number, key: StateKey): VersionProof {
  const row = readRow(number);
  const size = readRow(newest).index + 1;
  const hashAt = (level: number, index: number): Uint8Array => {
    const end = findRow(readRow, newest, (index + 1) * 2 ** level - 1);
    return readRow(end).hashes[level]!;
  };
  return { key, bytes: new Uint8Array(row.bytes), path: proveInclusion(hashAt, row.index, size).path };
}

/** Proofs of what held at a moment: newest first, as {@link ProofSource.versionsOf} gives them. */
export function proveVersionsAt(read: ReadRow, newest: number, key: StateKey, asOf: AsOf): VersionProof[] {
  if (newest === 0) return [];
  const readRow = readOnce(read);
  const size = readRow(newest).index + 1;
  let index: number;
  if ("version" in asOf) {
    index = asOf.version - 1;
    if (index < 0 || index >= size) return [];
    return [proveRow(readRow, newest, findRow(readRow, newest, index), key)];
  }
  const ends = (until: Moment): boolean =>
    "height" in asOf ? until.height <= asOf.height : until.timeMs <= asOf.timeMs;
  index = readRow(findRowAt(readRow, newest, ends)).index;
  const rows = index + 1 < size ? [index + 1, index] : [index];
  return rows.map((at) => proveRow(readRow, newest, findRow(readRow, newest, at), key));
}

/** Reads each row once: the ways to the parts of a proof begin with the same rows. */
function readOnce(readRow: ReadRow): ReadRow {
  const known = new Map<number, VersionRow>();
  return (number) => {
    const row = known.get(number) ?? readRow(number);
    known.set(number, row);
    return row;
  };
}
