import { proveInclusion } from "@cityroot/core/log/inclusion";
import { TILE_WIDTH, tileWidthAt } from "@cityroot/core/log/tile";
import { leafHash, rootOf } from "@cityroot/core/log/tree";
import type { AsOf } from "@cityroot/core/proof/answer";
import type { VersionProof } from "@cityroot/core/proof/bundle";
import { decodeVersioned, type Version } from "@cityroot/core/state/entry";
import type { StateKey } from "@cityroot/core/state/key";

/** The version that held at a moment, after the one that followed it; the first where none held yet. */
export function provenVersions(
  key: StateKey,
  kept: readonly Uint8Array[],
  current: Version,
  asOf: AsOf,
): readonly VersionProof[] {
  const earlier = kept.slice(0, current.version - 1);
  const leaves = earlier.map(leafHash);
  const holds = (bytes: Uint8Array): boolean => {
    const { version, since } = decodeVersioned(bytes)!.version;
    if ("version" in asOf) return version === asOf.version;
    return "height" in asOf ? since.height <= asOf.height : since.timeMs <= asOf.timeMs;
  };
  const found = kept.findLastIndex(holds);
  if (found === current.version - 1) return [];
  const wanted = found < 0 ? [0] : "version" in asOf ? [found] : [found + 1, found];
  return wanted
    .filter((at) => at < earlier.length)
    .map((index) => {
      const hashAt = (level: number, at: number) =>
        rootOf(leaves.slice(at * 2 ** level, (at + 1) * 2 ** level));
      const { path } = proveInclusion(hashAt, index, earlier.length);
      return { key, bytes: earlier[index]!, path };
    });
}

/** A tile of the log over these leaves, as wide as it is by now. */
export function tileOf(leaves: readonly Uint8Array[], level: number, index: number): Uint8Array | undefined {
  const width = tileWidthAt(level, index, leaves.length);
  if (width === 0) return undefined;
  const span = TILE_WIDTH ** level;
  const tile = new Uint8Array(32 * width);
  for (let row = 0; row < width; row++) {
    const first = (TILE_WIDTH * index + row) * span;
    tile.set(level === 0 ? leaves[first]! : rootOf(leaves.slice(first, first + span)), 32 * row);
  }
  return tile;
}
