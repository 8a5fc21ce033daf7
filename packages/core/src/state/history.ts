import { newBytes } from "../bytes.ts";
import { leafHash, nodeHash } from "../log/tree.ts";
import type { Moment, Version } from "./entry.ts";

const NO_PEAKS = new Uint8Array(0);

/** Version fields of an entry that is written for the first time. */
export function firstVersion(since: Moment): Version {
  return { version: 1, since, peaks: NO_PEAKS };
}

/**
 * Version fields of the entry that takes the place of `previous`: the earlier version's bytes become the next leaf of
 * the RFC 6962 tree over the entry's history. Spec §5.4.
 */
export function nextVersion(previous: Version, previousBytes: Uint8Array, since: Moment): Version {
  let hash = leafHash(previousBytes);
  let kept = previous.peaks.length / 32;
  // Each set low bit of the number of leaves is a peak of equal height that the new leaf completes.
  for (let leaves = previous.version - 1; leaves % 2 === 1; leaves = (leaves - 1) / 2) {
    kept -= 1;
    hash = nodeHash(previous.peaks.subarray(32 * kept, 32 * (kept + 1)), hash);
  }
  const peaks = newBytes(32 * (kept + 1));
  peaks.set(previous.peaks.subarray(0, 32 * kept));
  peaks.set(hash, 32 * kept);
  return { version: previous.version + 1, since, peaks };
}
