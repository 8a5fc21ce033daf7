import { pathOfNext } from "@cityroot/core/log/inclusion";
import { encodeEntryBundle, TILE_HEIGHT, TILE_WIDTH } from "@cityroot/core/log/tile";
import {
  appendLeaf,
  appendLeaves,
  type LogFrontier,
  leafHash,
  type NodeObserver,
} from "@cityroot/core/log/tree";

/** What growing the log changed: to be stored with the block that grew it. */
export type LogGrowth = {
  readonly frontier: LogFrontier;
  /** Inclusion path of the last leaf in the tree that it ends: 32 bytes each, the leaf's neighbour first. */
  readonly lastPath: readonly Uint8Array[];
  readonly tiles: readonly (readonly [level: number, index: number, Uint8Array])[];
  readonly entryBundles: readonly (readonly [number, Uint8Array])[];
};

/** Where the unfinished tiles and bundles are read from when the log is opened again. */
export type LogStorage = {
  readonly readTile: (level: number, index: number) => Uint8Array | undefined;
  readonly readEntryBundle: (index: number) => Uint8Array | undefined;
};

/**
 * Grows the log by at least one entry, keeping its right edge in memory: one unfinished tile a level and one bundle of
 * entries.
 */
export type LogWriter = { readonly grow: (entries: readonly Uint8Array[]) => LogGrowth };

const HASH_BYTES = 32;

/** The unfinished tile of a level: its hashes so far, in parts that are joined when it is stored. */
type Edge = { readonly index: number; parts: Uint8Array[] };

/** Opens a log that has grown to `frontier`. */
export function openLogWriter(frontier: LogFrontier, storage: LogStorage): LogWriter {
  let current = frontier;
  const edges = new Map<number, Edge>();
  const edgeOf = (level: number, index: number): Edge => {
    const known = edges.get(level);
    if (known?.index === index) return known;
    const stored = storage.readTile(level, index);
    const width = tileWidthBefore(current.size, level, index);
    const edge: Edge = { index, parts: stored === undefined ? [] : [stored.slice(0, width * HASH_BYTES)] };
    edges.set(level, edge);
    return edge;
  };
  let bundleIndex = Math.floor(current.size / TILE_WIDTH);
  let bundle = Buffer.from(storage.readEntryBundle(bundleIndex) ?? []);

  return {
    grow: (entries) => {
      const changed = new Map<Edge, number>();
      const onNode: NodeObserver = (level, index, hash) => {
        if (level % TILE_HEIGHT !== 0) return;
        const tileLevel = level / TILE_HEIGHT;
        const tileIndex = Math.floor(index / TILE_WIDTH);
        const edge = edgeOf(tileLevel, tileIndex);
        edge.parts.push(hash);
        changed.set(edge, tileLevel);
      };
      const leaves = entries.map(leafHash);
      const before = appendLeaves(current, leaves.slice(0, -1), onNode);
      const grown = appendLeaf(before, leaves[leaves.length - 1]!, onNode);
      const tiles = [...changed].map(([edge, level]): [number, number, Uint8Array] => {
        const bytes = Buffer.concat(edge.parts);
        edge.parts = [bytes];
        return [level, edge.index, bytes];
      });
      const bundles = new Map<number, Uint8Array>();
      for (let at = 0; at < entries.length; ) {
        const index = Math.floor((current.size + at) / TILE_WIDTH);
        if (index !== bundleIndex) {
          bundleIndex = index;
          bundle = Buffer.alloc(0);
        }
        const end = Math.min(entries.length, (index + 1) * TILE_WIDTH - current.size);
        bundle = Buffer.concat([bundle, encodeEntryBundle(entries.slice(at, end))]);
        bundles.set(index, bundle);
        at = end;
      }
      current = grown;
      return { frontier: grown, lastPath: pathOfNext(before), tiles, entryBundles: [...bundles] };
    },
  };
}

/** How many hashes of a tile belong to a log of `size` leaves. */
function tileWidthBefore(size: number, level: number, index: number): number {
  const nodes = Math.floor(size / 2 ** (level * TILE_HEIGHT));
  return Math.max(0, Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH));
}
