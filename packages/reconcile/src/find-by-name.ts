import { bestFew } from "./best-few.ts";
import { metresApart } from "./distance.ts";
import type { KeyIndex } from "./key-index.ts";
import { NOWHERE, type Prepared, type Side } from "./prepared.ts";

/** How many rows that have a key are looked at for one row, its rarest keys first. */
const LOOKS_MAX = 800;
/** The same where already its rarest keys are common. */
const LOOKS_FIRST_MAX = 3_000;
/** How many rows are kept for each. */
const KEPT = 16;
/** For rows of which no distance is known. */
const UNKNOWN_METRES = 1_000_000;

/** Finds, for a row of one side, the rows of the other whose names share most with it. */
export function nameFinder(
  index: KeyIndex,
  points: Prepared["points"],
  side: Side,
): (row: number, found: (other: number) => void) => void {
  const own = index[side];
  const otherSide = side === "left" ? "right" : "left";
  const target = index[otherSide];
  const { latitudes, longitudes } = points[side];
  const others = points[otherSide];
  const { counts, weights } = index;
  const sums = new Int32Array(others.latitudes.length);
  const touched: number[] = [];
  const kept = bestFew(KEPT);
  return (row, found) => {
    const keys = [...own.keys.subarray(own.keyOffsets[row], own.keyOffsets[row + 1])];
    keys.sort((a, b) => counts[a]! - counts[b]!);
    let looks = 0;
    for (let at = 0; at < keys.length; ) {
      const count = counts[keys[at]!]!;
      // Keys that are equally rare go together: which comes first must not matter.
      let end = at;
      while (end < keys.length && counts[keys[end]!] === count) end++;
      looks += count * (end - at);
      if (looks > (at === 0 ? LOOKS_FIRST_MAX : LOOKS_MAX)) break;
      for (; at < end; at++) {
        const key = keys[at]!;
        for (let place = target.rowOffsets[key]!; place < target.rowOffsets[key + 1]!; place++) {
          const other = target.rows[place]!;
          if (sums[other] === 0) touched.push(other);
          sums[other]! += weights[key]!;
        }
      }
    }
    for (const other of touched) {
      if (kept.takes(sums[other]!)) {
        const [latitude, otherLatitude] = [latitudes[row]!, others.latitudes[other]!];
        const isKnown = latitude !== NOWHERE && otherLatitude !== NOWHERE;
        const metres = isKnown
          ? metresApart(latitude, longitudes[row]!, otherLatitude, others.longitudes[other]!)
          : UNKNOWN_METRES;
        kept.offer(other, sums[other]!, Math.min(metres, UNKNOWN_METRES));
      }
      sums[other] = 0;
    }
    touched.length = 0;
    kept.take(found);
  };
}
