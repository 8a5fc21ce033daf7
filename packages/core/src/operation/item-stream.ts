import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { sha256 } from "../hash.ts";
import { BATCH_ITEMS_MAX, ITEM_BYTES_MAX } from "../limits.ts";
import { leafHash, rootOf } from "../log/tree.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { codeKey } from "../state/key.ts";
import { type BatchItem, encodeItem } from "./batch-item.ts";

// The stream of a batch's items: what a payload holds and what a payload store takes. Spec §6.8.

/** Length of the number before each item, in bytes: the item's length, big-endian. */
export const ITEM_LENGTH_BYTES = 4;

/** What an `issue-batch` says of its items, and the stream of them. */
export type ItemBatch = {
  /** RFC 6962 root over the items in order of code. */
  readonly root: Uint8Array;
  readonly count: number;
  readonly first: Code;
  readonly last: Code;
  /** The item stream; its length is the payload's. */
  readonly bytes: Uint8Array;
  /** SHA-256 of the stream: the payload's name. */
  readonly digest: Uint8Array;
};

/** The stream of items, in the order given. */
export function encodeItemStream(items: readonly BatchItem[]): Uint8Array {
  return frameItems(items.map(encodeItem));
}

/** The stream of items that are CBOR already, in the order given. */
export function frameItems(items: readonly Uint8Array[]): Uint8Array {
  let sizeBytes = 0;
  for (const item of items) sizeBytes += ITEM_LENGTH_BYTES + item.length;
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const item of items) {
    view.setUint32(at, item.length);
    bytes.set(item, at + ITEM_LENGTH_BYTES);
    at += ITEM_LENGTH_BYTES + item.length;
  }
  return bytes;
}

/**
 * Takes a stream apart into its items, which are views of it and not decoded. Refusals: INTERVAL_MALFORMED for a stream
 * that ends within an item, for an item that is too long, and for too many.
 */
export function splitItemStream(bytes: Uint8Array): Outcome<readonly Uint8Array[]> {
  const items: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at < bytes.length) {
    if (items.length === BATCH_ITEMS_MAX) return refuseCount(items.length + 1);
    const left = bytes.length - at - ITEM_LENGTH_BYTES;
    if (left < 0) return refuseCut(items.length, ITEM_LENGTH_BYTES, ITEM_LENGTH_BYTES + left);
    const length = view.getUint32(at);
    if (length > ITEM_BYTES_MAX) return refuseLength(items.length, length);
    if (length > left) return refuseCut(items.length, ITEM_LENGTH_BYTES + length, ITEM_LENGTH_BYTES + left);
    at += ITEM_LENGTH_BYTES + length;
    items.push(bytes.subarray(at - length, at));
  }
  return accept(items);
}

/**
 * Makes the batch of items, which may come in any order: it puts them in order of code. Refusals: INTERVAL_MALFORMED
 * for no items or too many, for one that is too long, for a code that comes twice, and for codes of several parents.
 */
export function batchOf(items: readonly BatchItem[]): Outcome<ItemBatch> {
  if (items.length === 0 || items.length > BATCH_ITEMS_MAX) return refuseCount(items.length);
  const keyed = items.map((item) => ({ item, key: codeKey(item.code) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const encoded: Uint8Array[] = [];
  let before: Code | undefined;
  for (const [index, { item }] of keyed.entries()) {
    const bytes = encodeItem(item);
    if (bytes.length > ITEM_BYTES_MAX) return refuseLength(index, bytes.length);
    const placed = checkFollows(item.code, before, index);
    if (!placed.ok) return placed;
    before = item.code;
    encoded.push(bytes);
  }
  const bytes = frameItems(encoded);
  return accept({
    root: rootOf(encoded.map(leafHash)),
    count: items.length,
    first: keyed[0]!.item.code,
    last: keyed[keyed.length - 1]!.item.code,
    bytes,
    digest: sha256(bytes),
  });
}

/**
 * Whether the item at `index`, from 0, may stand after one with the code `before`: below the same parent, and after it
 * in the order of the state tree. Refusals: INTERVAL_MALFORMED.
 */
export function checkFollows(code: Code, before: Code | undefined, index: number): Outcome<void> {
  if (before === undefined) return accept(undefined);
  if (parentOf(code) !== parentOf(before)) {
    return refuse(`items[${index}].code`, `a code beside ${before}, below the same parent`, code);
  }
  if (codeKey(before) < codeKey(code)) return accept(undefined);
  return refuse(`items[${index}].code`, `a code after ${before}`, code);
}

/** Refuses the item at `index` for its length. */
export function refuseLength(index: number, sizeBytes: number): Outcome<never> {
  return refuse(`items[${index}]`, `at most ${ITEM_BYTES_MAX} bytes`, `${sizeBytes} bytes`);
}

/** Refuses a stream that ends within the item at `index`. */
export function refuseCut(index: number, sizeBytes: number, gotBytes: number): Outcome<never> {
  return refuse(
    `items[${index}]`,
    `${sizeBytes} bytes, length included`,
    `${gotBytes} bytes, then the stream's end`,
  );
}

/** Refuses a number of items. */
export function refuseCount(count: number): Outcome<never> {
  return refuse("items", `1 to ${BATCH_ITEMS_MAX} items`, `${count} items`);
}

function refuse(field: string, expected: string, got: string): Outcome<never> {
  return reject("INTERVAL_MALFORMED", `${field}: expected ${expected}, got ${got}`, { field, expected, got });
}
