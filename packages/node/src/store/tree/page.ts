import { assert } from "@cityroot/core/assert";
import { HASH_BYTES } from "@cityroot/core/hash";
import { stateLeafHash } from "@cityroot/core/proof/leaf";
import { firstDifferingBit, type StateKey } from "@cityroot/core/state/key";
import { COUNT_BYTES, ENTRY_HEAD_BYTES, KEY_HEAD_BYTES, PAGE_BYTES_MAX } from "./page-layout.ts";
import { PageTree } from "./page-tree.ts";
import { StoredPage } from "./stored-page.ts";

/**
 * A stored subtree: neighbouring entries of the state tree that form one whole subtree, kept as one value of the
 * store with their leaf hashes, so that a record, its neighbours and the lower part of its proof are one read.
 * How entries are grouped into pages never shows in a root. This is the form in which entries are added.
 */
export type Page = {
  /** Keys in strictly ascending order. */
  readonly keys: StateKey[];
  readonly values: Uint8Array[];
  /** Leaf hashes; null where the entry changed since it was last hashed. */
  readonly hashes: (Uint8Array | null)[];
  /** Number of the row that keeps each entry's newest earlier version; 0 where it has none. It shows in no hash. */
  readonly earlier: number[];
};

/** Reads a page. Its values and hashes are views of `bytes`: the caller hands them over or copies them first. */
export function decodePage(bytes: Buffer): Page {
  const stored = new StoredPage(bytes);
  const page: Page = { keys: [], values: [], hashes: [], earlier: [] };
  for (let at = 0; at < stored.count; at++) {
    page.keys.push(stored.keyAt(at));
    page.values.push(stored.valueAt(at));
    page.hashes.push(stored.hashAt(at));
    page.earlier.push(stored.earlierAt(at));
  }
  return page;
}

/** Length in bytes of a page's encoding. */
export function pageSize(page: Page): number {
  let bytes = COUNT_BYTES;
  let before = "";
  for (let at = 0; at < page.keys.length; at++) {
    const key = page.keys[at]!;
    bytes += ENTRY_HEAD_BYTES + key.length - sharedLength(before, key) + page.values[at]!.length;
    before = key;
  }
  return bytes;
}

function sharedLength(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** Bytes of a page whose entries are all hashed. */
export function encodePage(page: Page): Buffer {
  const bytes = Buffer.allocUnsafe(pageSize(page));
  bytes.writeUInt16LE(page.keys.length, 0);
  let at = COUNT_BYTES;
  let before = "";
  for (let index = 0; index < page.keys.length; index++) {
    const key = page.keys[index]!;
    const value = page.values[index]!;
    const hash = page.hashes[index];
    assert(hash !== null && hash !== undefined, "an entry is stored before it is hashed");
    const shared = sharedLength(before, key);
    bytes[at] = shared;
    bytes[at + 1] = key.length - shared;
    at += KEY_HEAD_BYTES;
    at += bytes.write(key.slice(shared), at, "latin1");
    at = bytes.writeUInt32LE(value.length, at);
    bytes.set(value, at);
    at += value.length;
    bytes.set(hash, at);
    at = bytes.writeUInt32LE(page.earlier[index]!, at + HASH_BYTES);
    before = key;
  }
  return bytes;
}

/** Hashes the entries that changed since they were last hashed. */
export function hashEntries(page: Page): void {
  for (let at = 0; at < page.keys.length; at++) {
    if (page.hashes[at] === null) page.hashes[at] = stateLeafHash(page.keys[at]!, page.values[at]!);
  }
}

/** Index of the first key that is not below `key`. */
export function lowerBound(keys: readonly StateKey[], key: StateKey): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Cuts a page that grew too large into the largest whole subtrees that each fit. `cut` is told of every parting from
 * the root down, left before right: the block that began at `from` now ends at `at`, and a new one begins there.
 */
export function cutPage(page: Page, cut: (from: number, at: number, bit: number) => void): void {
  const count = page.keys.length;
  const bits = new Int32Array(count);
  const ends = new Float64Array(count + 1);
  const shared = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    const key = page.keys[at]!;
    const before = at === 0 ? "" : page.keys[at - 1]!;
    if (at > 0) bits[at] = firstDifferingBit(before, key);
    shared[at] = sharedLength(before, key);
    ends[at + 1] = ends[at]! + ENTRY_HEAD_BYTES + key.length - shared[at]! + page.values[at]!.length;
  }
  const halve = (from: number, to: number): void => {
    if (to - from < 2 || COUNT_BYTES + ends[to]! - ends[from]! + shared[from]! <= PAGE_BYTES_MAX) return;
    let at = from + 1;
    for (let index = from + 2; index < to; index++) if (bits[index]! < bits[at]!) at = index;
    cut(from, at, bits[at]!);
    halve(from, at);
    halve(at, to);
  };
  halve(0, count);
}

/** Root over a page's entries, which are all hashed. */
export function rootOfPage({ keys, hashes }: Page): Uint8Array {
  const bits = keys.map((key, at) => (at === 0 ? 0 : firstDifferingBit(keys[at - 1]!, key)));
  const tree = new PageTree(keys.length, bits);
  for (let at = 0; at < keys.length; at++) tree.setLeaf(at, hashes[at]!, 0);
  tree.hashAll();
  return tree.root();
}
