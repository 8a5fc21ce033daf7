import { equalBytes } from "@cityroot/core/hex";
import { decodeVersioned, type Moment, type Version } from "@cityroot/core/state/entry";
import { decodeVersionRow, encodeVersionRow, makeVersionRow, type VersionRow } from "../store/version-row.ts";
import { SnapshotRefusedError } from "./snapshot-refused-error.ts";

/**
 * Holds the rows of earlier versions, which come in their order, against what they have to be. Nothing about them is
 * trusted until an entry's peaks, which the state root covers, lead to them.
 */
export type VersionCheck = {
  /** Checks the next row: its place in a history, its hashes, and when the version before it ended. */
  readonly add: (bytes: Buffer) => void;
  /** Checks that the history which ends with a row (0: none) is the one that an entry's version tells. */
  readonly claim: (newest: number, version: Version) => void;
  /** Checks that every row belongs to a history. */
  readonly finish: () => void;
};

/** A flag for each row, in memory that grows with the rows that came and not with how many are said to come. */
function rowFlags(): { readonly has: (row: number) => boolean; readonly set: (row: number) => void } {
  let flags = new Uint8Array(1_024);
  return {
    has: (row) => flags[row] === 1,
    set: (row) => {
      if (row >= flags.length) {
        const larger = new Uint8Array(2 * row);
        larger.set(flags);
        flags = larger;
      }
      flags[row] = 1;
    },
  };
}

/** Checks so many rows; `readRow` reads those that were added before. */
export function versionCheck(count: number, readRow: (number: number) => VersionRow): VersionCheck {
  // Each row is followed by one other row or by its entry: a history that forks is none.
  const isFollowed = rowFlags();
  let next = 1;
  let followed = 0;
  const follow = (row: number, since: Moment, by: string): VersionRow => {
    if (row < 1 || row >= next || isFollowed.has(row))
      throw new SnapshotRefusedError(`${by} follows version row ${row}, which is not free`);
    isFollowed.set(row);
    followed += 1;
    const earlier = readRow(row);
    const { height, timeMs } = earlier.until;
    if (height !== since.height || timeMs !== since.timeMs)
      throw new SnapshotRefusedError(`version row ${row} ends at another time than ${by} begins`);
    return earlier;
  };
  return {
    add: (bytes) => {
      const number = next;
      if (number > count) throw new SnapshotRefusedError(`there are more than ${count} version rows`);
      const row = decodeVersionRow(bytes);
      const version = decodeVersioned(row.bytes)?.version;
      if (version === undefined) throw new SnapshotRefusedError(`version row ${number} holds no version`);
      const earlier = row.lefts[0]!;
      if (earlier !== 0) follow(earlier, version.since, `version row ${number}`);
      const made = encodeVersionRow(makeVersionRow(row.bytes, earlier, row.until, readRow));
      if (!equalBytes(made, bytes))
        throw new SnapshotRefusedError(`version row ${number} is not what comes of its version`);
      next += 1;
    },
    claim: (newest, { version, since, peaks }) => {
      const count = newest === 0 ? 0 : follow(newest, since, "an entry").index + 1;
      if (count !== version - 1)
        throw new SnapshotRefusedError(`an entry of version ${version} has ${count} earlier ones`);
      let at = newest;
      for (let end = peaks.length; end > 0; end -= 32) {
        const row = readRow(at);
        const top = row.hashes.length - 1;
        if (!equalBytes(row.hashes[top]!, peaks.subarray(end - 32, end)))
          throw new SnapshotRefusedError("an entry's history does not lead to the peaks that it carries");
        at = row.lefts[top]!;
      }
    },
    finish: () => {
      if (next !== count + 1 || followed !== count)
        throw new SnapshotRefusedError(`${followed} of ${count} version rows belong to an entry`);
    },
  };
}
