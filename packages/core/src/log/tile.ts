import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { assert } from "../assert.ts";
import { HASH_BYTES } from "../hash.ts";
import { consistencyNodes } from "./consistency.ts";
import { inclusionNodes } from "./inclusion.ts";
import { type HashAt, type LogNode, rootOf } from "./tree.ts";

// How a log is served as files that never change: C2SP tlog-tiles, "Merkle Tree" and "Log entries".

/** Levels of the Merkle tree that one tile spans. C2SP tlog-tiles, "Merkle Tree". */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile, and entries in a full bundle. C2SP tlog-tiles, "Merkle Tree". */
export const TILE_WIDTH = 256;
/** Highest tile level that a path can name. C2SP tlog-tiles, "Merkle Tree". */
export const TILE_LEVEL_MAX = 63;
/** Longest log entry, in bytes: what its 16-bit length prefix can say. C2SP tlog-tiles, "Log entries". */
export const ENTRY_BYTES_MAX = 65_535;

/** Longest path that {@link parseTilePath} looks at, in characters. More than any good one has. */
const PATH_CHARACTERS_MAX = 64;
const LENGTH_BYTES = 2;
const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/**
 * A tile: at `level` l the hashes over 256^l leaves each, of which it holds `width` (1 to {@link TILE_WIDTH}) from
 * number `256 * index` on. A narrower one is partial. C2SP tlog-tiles, "Merkle Tree".
 */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

/** `width` log entries (1 to {@link TILE_WIDTH}) from number `256 * index` on. C2SP tlog-tiles, "Log entries". */
export type EntryBundle = { readonly index: number; readonly width: number };

/** What a path under `tile/` names. */
export type TileResource = ({ readonly kind: "tile" } & Tile) | ({ readonly kind: "entries" } & EntryBundle);

/** Path of a tile below the log's prefix, such as `tile/0/x001/234.p/5`. C2SP tlog-tiles, "Merkle Tree". */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${placeOf(index, width)}`;
}

/** Path of an entry bundle below the log's prefix, such as `tile/entries/007`. C2SP tlog-tiles, "Log entries". */
export function entriesPath({ index, width }: EntryBundle): string {
  return `tile/entries/${placeOf(index, width)}`;
}

function placeOf(index: number, width: number): string {
  assert(Number.isSafeInteger(index) && index >= 0, "a tile's index is a whole number");
  assert(1 <= width && width <= TILE_WIDTH, "a tile holds 1 to 256 hashes");
  let path = digitsOf(index % 1000);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${digitsOf(rest % 1000)}/${path}`;
  }
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

function digitsOf(number: number): string {
  return String(number).padStart(3, "0");
}

/**
 * Reads the path of a tile or entry bundle, without a slash before it. There is one path for each: another spelling
 * of the same number is refused, so that caches hold everything once. C2SP tlog-tiles, "Merkle Tree".
 */
export function parseTilePath(path: string): Parsed<TileResource> {
  const match = path.length <= PATH_CHARACTERS_MAX ? PATH.exec(path) : null;
  if (match === null) return refusePath("path", "tile/<level or entries>/<index>[.p/<width>]", path);
  const [, kind, digits = "", partial] = match;
  const index = Number(digits.replace(/[x/]/g, ""));
  if (digits.startsWith("x000")) return refusePath("index", "no leading group of zeros", path);
  if (!Number.isSafeInteger(index)) return refusePath("index", "at most 2^53-1", path);
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (partial !== undefined && width >= TILE_WIDTH) return refusePath("width", "1 to 255", path);
  if (kind === "entries") return parsed({ kind, index, width });
  const level = Number(kind);
  if (level > TILE_LEVEL_MAX) return refusePath("level", `0 to ${TILE_LEVEL_MAX}`, path);
  return parsed({ kind: "tile", level, index, width });
}

function refusePath(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}

/**
 * How many hashes tile `index` of `level` has in a log of `size` leaves: 0 for none to {@link TILE_WIDTH}.
 * That of an entry bundle is that of the tile of level 0.
 */
export function tileWidthAt(level: number, index: number, size: number): number {
  const width = hashesAt(level, size) - TILE_WIDTH * index;
  return Math.min(Math.max(width, 0), TILE_WIDTH);
}

/** A tile that grows: its hashes from number `oldWidth` to before `newWidth` are new. */
export type TileGrowth = {
  readonly level: number;
  readonly index: number;
  readonly oldWidth: number;
  readonly newWidth: number;
};

/** The tiles that change when a log grows from `oldSize` to `newSize` leaves: by level, then by index. */
export function changedTiles(oldSize: number, newSize: number): TileGrowth[] {
  const changed: TileGrowth[] = [];
  for (let level = 0; hashesAt(level, newSize) > 0; level++) {
    const last = hashesAt(level, newSize) - 1;
    if (hashesAt(level, oldSize) > last) continue;
    const first = Math.floor(hashesAt(level, oldSize) / TILE_WIDTH);
    for (let index = first; index <= Math.floor(last / TILE_WIDTH); index++) {
      const oldWidth = tileWidthAt(level, index, oldSize);
      changed.push({ level, index, oldWidth, newWidth: tileWidthAt(level, index, newSize) });
    }
  }
  return changed;
}

/** How many hashes there are at tile level `level`: floor(size / 256^level). */
function hashesAt(level: number, size: number): number {
  let hashes = size;
  for (let at = 0; at < level && hashes > 0; at++) hashes = Math.floor(hashes / TILE_WIDTH);
  return hashes;
}

/** The tiles, each once, that hold complete subtrees of a log of `size` leaves, as wide as they are at that size. */
export function tilesOf(nodes: readonly LogNode[], size: number): Tile[] {
  const tiles = new Map<string, Tile>();
  for (const node of nodes) {
    const { level, index } = rowsOf(node);
    tiles.set(`${level}/${index}`, { level, index, width: tileWidthAt(level, index, size) });
  }
  return [...tiles.values()];
}

/** The tiles that an inclusion proof of leaf `index` in a log of `size` leaves is made from. */
export function tilesForInclusion(index: number, size: number): Tile[] {
  return tilesOf(inclusionNodes(index, size), size);
}

/** The tiles that a consistency proof between two sizes is made from. */
export function tilesForConsistency(oldSize: number, newSize: number): Tile[] {
  return tilesOf(consistencyNodes(oldSize, newSize), newSize);
}

/**
 * Reads complete subtrees from tiles: `readTile` gives the bytes of a tile, at least as wide as {@link tilesOf} says
 * and, when it comes from outside, accepted by {@link checkTile}. What is read is proven only by a proof made from it.
 */
export function hashAtOfTiles(readTile: (level: number, index: number) => Uint8Array): HashAt {
  return (nodeLevel, nodeIndex) => {
    const { level, index, first, count } = rowsOf({ level: nodeLevel, index: nodeIndex });
    const bytes = readTile(level, index);
    assert(bytes.length >= HASH_BYTES * (first + count), "the tile holds the subtree");
    const rows = Array.from({ length: count }, (_, at) =>
      bytes.slice(HASH_BYTES * (first + at), HASH_BYTES * (first + at + 1)),
    );
    return rootOf(rows);
  };
}

/** Where a complete subtree lies: `count` rows, a power of two, from number `first` on of one tile. */
function rowsOf(node: LogNode): { level: number; index: number; first: number; count: number } {
  const count = 2 ** (node.level % TILE_HEIGHT);
  const row = node.index * count;
  const index = Math.floor(row / TILE_WIDTH);
  return { level: Math.floor(node.level / TILE_HEIGHT), index, first: row - TILE_WIDTH * index, count };
}

/** Whether bytes are a tile of `width` hashes: exactly as long. The hashes themselves prove nothing. */
export function checkTile(bytes: Uint8Array, width: number): Parsed<Uint8Array> {
  if (bytes.length === HASH_BYTES * width) return parsed(bytes);
  return refused(
    fault({ field: "tile", expected: `${HASH_BYTES * width} bytes`, got: `${bytes.length} bytes` }),
  );
}

/** Bytes of an entry bundle: each entry after its length as 16 bits, big-endian. C2SP tlog-tiles, "Log entries". */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  assert(1 <= entries.length && entries.length <= TILE_WIDTH, "a bundle holds 1 to 256 entries");
  const bytes = new Uint8Array(entries.reduce((length, entry) => length + LENGTH_BYTES + entry.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    assert(entry.length <= ENTRY_BYTES_MAX, "an entry's length fits 16 bits");
    view.setUint16(at, entry.length);
    bytes.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bytes;
}

/** Reads an entry bundle of exactly `width` entries, and nothing after them; the entries are views of `bytes`. */
export function decodeEntryBundle(bytes: Uint8Array, width: number): Parsed<Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  for (let entry = 0; entry < width; entry++) {
    const start = at + LENGTH_BYTES;
    const end = start <= bytes.length ? start + view.getUint16(at) : start;
    if (end > bytes.length) {
      const got = `${bytes.length - at} bytes left`;
      return refused(fault({ field: `entry[${entry}]`, expected: "a 16-bit length and as many bytes", got }));
    }
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  if (at === bytes.length) return parsed(entries);
  return refused(
    fault({ field: "bundle", expected: `${width} entries`, got: `${bytes.length - at} bytes more` }),
  );
}
