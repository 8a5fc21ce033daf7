import type { Code } from "@cityroot/codes/ma/code";
import { BATCH_ITEMS_MAX, ITEM_BYTES_MAX } from "@cityroot/core/limits";
import { readSubtreeRoot } from "@cityroot/core/log/tree";
import { decodeItem } from "@cityroot/core/operation/batch-item";
import {
  checkFollows,
  ITEM_LENGTH_BYTES,
  refuseCount,
  refuseCut,
  refuseLength,
} from "@cityroot/core/operation/item-stream";
import { accept, type Outcome } from "@cityroot/core/outcome";
import { CodeOrder } from "./code-order.ts";
import {
  CODE_END_BYTES,
  countPages,
  hashSlot,
  LEAF_HASHES_AT,
  LEAF_PAGE_BYTES,
  LENGTHS_AT,
  LEVELS_MAX,
  PAGE_HASHES_BYTES,
  PAGE_LEVELS,
  PAGE_WIDTH,
  UPPER_HASHES_AT,
  UPPER_PAGE_BYTES,
} from "./index-layout.ts";
import { scanItem } from "./item-scanner.ts";
import type { StoredPayload } from "./payload-store.ts";
import { startOfText, UNSURE } from "./text-scanner.ts";
import { HASHER_FREE_AT, HASHER_SPILL_BYTES, openTreeHasher, type TreeHasher } from "./tree-hasher.ts";

const HASH_BYTES = 32;
/** Hashes of a page that is being made, its root after them, and what the hasher spills beyond. */
const LEVEL_BYTES = PAGE_HASHES_BYTES + HASH_BYTES + HASHER_SPILL_BYTES;
const LEVELS_AT = HASHER_FREE_AT;

/** Most bytes that are left over where a block of the stream ends: all but the last of an item with its length. */
export const REST_BYTES_MAX: number = ITEM_LENGTH_BYTES + ITEM_BYTES_MAX;
/** Where the memory begins that the stream is put into. */
export const STREAM_AT: number = LEVELS_AT + LEVELS_MAX * LEVEL_BYTES;
/** How far beyond its end an item may be looked at. */
const BEYOND_BYTES = 512;

/** A page for as long as its children come in. */
type OpenPage = { readonly bytes: Buffer; children: number };

/**
 * Checks the items of a stream, which is put into its memory piece by piece, and makes the pages of their index. It
 * holds one page of each level, so that it needs the same memory for every batch.
 */
export class BatchReader {
  /** The stream is put here, from {@link STREAM_AT} on, wherever and in whatever pieces. */
  readonly memory: Uint8Array;
  private readonly hasher: TreeHasher;
  private readonly onPage: (page: Uint8Array) => void;
  private readonly order = new CodeOrder();
  private readonly pages: readonly OpenPage[] = Array.from({ length: LEVELS_MAX }, (_, level) => ({
    bytes: Buffer.alloc(level === 0 ? LEAF_PAGE_BYTES : UPPER_PAGE_BYTES),
    children: 0,
  }));
  /** End of the first code below the page of items. */
  private readonly firstEnd = Buffer.alloc(CODE_END_BYTES);
  /** Address and length of the items of the page that are not hashed yet. */
  private readonly places = new Int32Array(2 * PAGE_WIDTH);
  private waiting = 0;
  private count = 0;
  private streamAt = 0;
  private first: Code | undefined;

  /** `streamBytes` are for the stream; pages are told of in their order, and change once that is over. */
  constructor(streamBytes: number, onPage: (page: Uint8Array) => void) {
    this.hasher = openTreeHasher(STREAM_AT - HASHER_FREE_AT + streamBytes + BEYOND_BYTES);
    this.memory = this.hasher.memory;
    this.onPage = onPage;
  }

  /**
   * Reads the items that lie whole between two addresses, the stream's next bytes. Gives the address after them: what
   * follows is to come again with more. Refusals: those of `decodeItem`, and INTERVAL_MALFORMED for items out of order,
   * too long, too many, or below another parent.
   */
  read(from: number, to: number): Outcome<number> {
    const { memory, pages, places, order } = this;
    const page = pages[0]!;
    let at = from;
    while (to - at >= ITEM_LENGTH_BYTES) {
      const length =
        memory[at]! * 0x100_0000 + ((memory[at + 1]! << 16) | (memory[at + 2]! << 8) | memory[at + 3]!);
      if (length > ITEM_BYTES_MAX) return refuseLength(this.count, length);
      const item = at + ITEM_LENGTH_BYTES;
      const end = item + length;
      if (end > to) break;
      if (this.count === BATCH_ITEMS_MAX) return refuseCount(this.count + 1);
      const codeEnd = scanItem(memory, item, end);
      if (codeEnd === UNSURE || !order.takeBytes(memory, startOfText(memory, item + 1), codeEnd)) {
        const checked = this.checkItem(memory.subarray(item, end));
        if (!checked.ok) return checked;
      }
      if (page.children === 0) this.beginPage(page.bytes);
      page.bytes.writeUInt16BE(length, LENGTHS_AT + 2 * page.children);
      places[2 * this.waiting] = item;
      places[2 * this.waiting + 1] = length;
      this.waiting++;
      page.children++;
      this.count++;
      this.streamAt += end - at;
      at = end;
      if (page.children === PAGE_WIDTH) {
        this.hashWaiting();
        this.closePage(0);
      }
    }
    this.hashWaiting();
    return accept(at);
  }

  /**
   * Ends the batch; `rest` is what was left and is no whole item. Refusals: INTERVAL_MALFORMED for that and for a batch
   * without items.
   */
  finish(rest: Uint8Array): Outcome<Omit<StoredPayload, "digest" | "sizeBytes">> {
    if (rest.length > 0) {
      const isLength = rest.length < ITEM_LENGTH_BYTES;
      const length = isLength ? 0 : Buffer.from(rest).readUInt32BE();
      return refuseCut(this.count, ITEM_LENGTH_BYTES + length, rest.length);
    }
    const { count, first } = this;
    const { last } = this.order;
    if (first === undefined || last === undefined) return refuseCount(0);
    for (const level of this.pages.keys()) this.hashPage(level);
    const root = Uint8Array.from(readSubtreeRoot((level, index) => this.hashAt(level, index), 0, count));
    this.flushPages(countPages(count).length);
    return accept({ root, count, first, last });
  }

  /** Checks an item as everyone does, and takes its code. */
  private checkItem(bytes: Uint8Array): Outcome<void> {
    const index = this.count;
    const item = decodeItem(bytes);
    if (!item.ok) return nameItem(item, index);
    const placed = checkFollows(item.value.code, this.order.last, index);
    if (!placed.ok) return placed;
    this.order.take(item.value.code);
    this.first ??= item.value.code;
    return accept(undefined);
  }

  private beginPage(page: Buffer): void {
    page.writeBigUInt64BE(BigInt(this.streamAt), 0);
    this.order.writeEnd(this.firstEnd);
  }

  private hashWaiting(): void {
    const out = this.hashesAt(0) + (this.pages[0]!.children - this.waiting) * HASH_BYTES;
    this.hasher.hashLeaves(this.places, this.waiting, out);
    this.waiting = 0;
  }

  /** Where the hashes of a level's open page are. */
  private hashesAt(level: number): number {
    return LEVELS_AT + level * LEVEL_BYTES;
  }

  /** Hashes all that the children of an open page make whole, up to its root. */
  private hashPage(level: number): void {
    const hashes = this.hashesAt(level);
    let pairs = this.pages[level]!.children >> 1;
    for (let height = 0; pairs > 0; height++, pairs >>= 1) {
      const from = hashes + hashSlot(height, 0) * HASH_BYTES;
      this.hasher.hashNodes(from, pairs, hashes + hashSlot(height + 1, 0) * HASH_BYTES);
    }
  }

  /** The hash of a subtree of the batch that is whole, and whose page is open. */
  private hashAt(level: number, index: number): Uint8Array {
    const height = level % PAGE_LEVELS;
    const slot = hashSlot(height, index % (PAGE_WIDTH >> height));
    const at = this.hashesAt((level - height) / PAGE_LEVELS) + slot * HASH_BYTES;
    return this.memory.subarray(at, at + HASH_BYTES);
  }

  /** Gives a full page away, and its root to the page above it. */
  private closePage(level: number): void {
    this.hashPage(level);
    const root = this.hashesAt(level) + hashSlot(PAGE_LEVELS, 0) * HASH_BYTES;
    const above = this.pages[level + 1]!;
    const out = this.hashesAt(level + 1) + above.children * HASH_BYTES;
    this.memory.copyWithin(out, root, root + HASH_BYTES);
    this.addChild(level);
    this.givePage(level);
    if (above.children === PAGE_WIDTH) this.closePage(level + 1);
  }

  /** Counts a page among the children of the one above it. */
  private addChild(level: number): void {
    const above = this.pages[level + 1]!;
    const end = level === 0 ? this.firstEnd : this.pages[level]!.bytes.subarray(0, CODE_END_BYTES);
    above.bytes.set(end, above.children * CODE_END_BYTES);
    above.children++;
  }

  private givePage(level: number): void {
    const page = this.pages[level]!;
    const hashes = this.hashesAt(level);
    const hashesAt = level === 0 ? LEAF_HASHES_AT : UPPER_HASHES_AT;
    page.bytes.set(this.memory.subarray(hashes, hashes + PAGE_HASHES_BYTES), hashesAt);
    page.children = 0;
    this.onPage(page.bytes);
  }

  /** Gives away the pages that have children and room for more. */
  private flushPages(levels: number): void {
    // Of the last child of an open page above, the hash does not exist: only what lies before it is whole.
    const whole = this.pages.map((page) => page.children);
    for (let level = 0; level < levels; level++) {
      const page = this.pages[level]!;
      if (page.children === 0) continue;
      if (level + 1 < levels) this.addChild(level);
      const [headAt, childBytes] = level === 0 ? [LENGTHS_AT, 2] : [0, CODE_END_BYTES];
      const headEnd = level === 0 ? LEAF_HASHES_AT : UPPER_HASHES_AT;
      page.bytes.fill(0, headAt + page.children * childBytes, headEnd);
      for (let height = 0; height < PAGE_LEVELS; height++) {
        const hashes = this.hashesAt(level);
        const from = hashes + hashSlot(height, whole[level]! >> height) * HASH_BYTES;
        this.memory.fill(0, from, hashes + hashSlot(height + 1, 0) * HASH_BYTES);
      }
      this.givePage(level);
    }
  }
}

/** A refusal of an item that says which one it was. */
function nameItem(refused: Outcome<never> & { ok: false }, index: number): Outcome<never> {
  const { fault, detail, ...rejection } = refused.rejection;
  const name = `items[${index}]`;
  const named = { ...rejection, detail: `item ${index}, counted from 0: ${detail}` };
  if (fault === undefined) return { ok: false, rejection: named };
  return {
    ok: false,
    rejection: { ...named, fault: { ...fault, field: fault.field.replace(/^item/, name) } },
  };
}
