import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { equalBytes } from "@cityroot/core/hex";
import { proveInclusion, verifyInclusion } from "@cityroot/core/log/inclusion";
import { leafHash } from "@cityroot/core/log/tree";
import { ITEM_LENGTH_BYTES } from "@cityroot/core/operation/item-stream";
import type { ItemProof } from "@cityroot/core/operation/standing";
import {
  CODE_END_BYTES,
  countPages,
  decodeHeader,
  HEADER_BYTES,
  hashSlot,
  indexBytes,
  LEAF_HASHES_AT,
  LEAF_PAGE_BYTES,
  LENGTHS_AT,
  PAGE_LEVELS,
  PAGE_WIDTH,
  placeOfPage,
  UPPER_HASHES_AT,
  UPPER_PAGE_BYTES,
} from "./index-layout.ts";
import { PageCache } from "./page-cache.ts";
import type { StoredPayload } from "./payload-store.ts";
import { endOfText, startOfText } from "./text-scanner.ts";

const HASH_BYTES = 32;
/** Pages of pages that are kept in memory for each payload: half a megabyte. */
const UPPER_PAGES_KEPT = 64;
/** Pages of items that are kept: one question asks for two at most, and the next often for the same. */
const LEAF_PAGES_KEPT = 4;

/** Thrown when what is stored cannot be what was stored. */
export class PayloadDamagedError extends Error {
  override readonly name = "PayloadDamagedError";
}

/** A stored payload that is open for reading. A question costs a read for each level of pages, and one of items. */
export class StoredItems {
  readonly payload: StoredPayload;
  private readonly itemsFile: number;
  private readonly indexFile: number;
  private readonly pageCounts: readonly number[];
  private readonly upperPages: PageCache;
  private readonly leafPages: PageCache;
  private readonly itemPages: PageCache;
  /** All codes begin with this: their parent. */
  private readonly parent: string;

  /** Opens both files. Throws {@link PayloadDamagedError} where they do not fit together. */
  constructor(itemsPath: string, indexPath: string) {
    this.itemsFile = openSync(itemsPath, "r");
    try {
      this.indexFile = openSync(indexPath, "r");
    } catch (cause) {
      closeSync(this.itemsFile);
      throw cause;
    }
    try {
      this.payload = this.readHeader();
    } catch (cause) {
      this.close();
      throw cause;
    }
    this.pageCounts = countPages(this.payload.count);
    this.upperPages = new PageCache(UPPER_PAGES_KEPT, (place, into) =>
      readAt(this.indexFile, place, UPPER_PAGE_BYTES, into),
    );
    this.leafPages = new PageCache(LEAF_PAGES_KEPT, (page, into) =>
      readAt(this.indexFile, placeOfPage(this.pageCounts, 0, page), LEAF_PAGE_BYTES, into),
    );
    this.itemPages = new PageCache(LEAF_PAGES_KEPT, (page, into) => this.readItems(page, into));
    this.parent = this.payload.first.slice(0, endStart(this.payload.first));
  }

  close(): void {
    closeSync(this.itemsFile);
    closeSync(this.indexFile);
  }

  /**
   * The item of a code, or the items on both sides of where it would be, each with its proof; none for a code that
   * is not beside the items. The proofs hold: else it throws {@link PayloadDamagedError}.
   */
  itemsOf(code: Code): readonly ItemProof[] {
    if (code.slice(0, endStart(code)) !== this.parent) return [];
    const end = endOfCode(code);
    const next = this.countUpTo(end);
    const before = next - 1;
    if (before >= 0) {
      const left = this.endAt(before);
      if (left === end) return [this.prove(before)];
      if (left > end) throw new PayloadDamagedError(`item ${before} is not in order`);
    }
    if (next < this.payload.count && this.endAt(next) <= end) {
      throw new PayloadDamagedError(`item ${next} is not in order`);
    }
    return [before, next]
      .filter((index) => index >= 0 && index < this.payload.count)
      .map((index) => this.prove(index));
  }

  private readHeader(): StoredPayload {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(this.indexFile, header, 0, HEADER_BYTES, 0);
    const payload = decodeHeader(header);
    if (payload === undefined) throw new PayloadDamagedError("the index has no sound header");
    const sizes = [fstatSync(this.itemsFile).size, fstatSync(this.indexFile).size];
    const expected = [payload.sizeBytes, indexBytes(payload.count)];
    if (sizes.join() === expected.join()) return payload;
    const [got, wanted] = [sizes.join(" and "), expected.join(" and ")];
    throw new PayloadDamagedError(`items and index have ${got} bytes, not ${wanted}`);
  }

  /** How many items do not come after one with this end of a code, as far as the pages above are right. */
  private countUpTo(end: string): number {
    let page = 0;
    for (let level = this.pageCounts.length - 1; level > 0; level--) {
      const bytes = Buffer.from(this.readUpperPage(level, page).buffer);
      const children = Math.min(PAGE_WIDTH, this.pageCounts[level - 1]! - page * PAGE_WIDTH);
      const isUpTo = (child: number) => {
        const at = child * CODE_END_BYTES;
        return bytes.toString("latin1", at + 1, at + 1 + bytes[at]!) <= end;
      };
      page = page * PAGE_WIDTH + Math.max(1, countWhile(children, isUpTo)) - 1;
    }
    const first = page * PAGE_WIDTH;
    const items = Math.min(PAGE_WIDTH, this.payload.count - first);
    return first + countWhile(items, (item) => this.endAt(first + item) <= end);
  }

  /** End of an item's code. */
  private endAt(index: number): string {
    const item = this.itemAt(index);
    const to = endOfText(item, 1);
    const from = startOfText(item, 1);
    const code = to < from ? "" : Buffer.from(item.subarray(from, to)).toString("latin1");
    if (!code.startsWith(this.parent))
      throw new PayloadDamagedError(`item ${index} has no code of the batch`);
    return endOfCode(code);
  }

  private itemAt(index: number): Uint8Array {
    const page = Math.floor(index / PAGE_WIDTH);
    const leaf = this.leafPages.get(page);
    const lengthAt = LENGTHS_AT + 2 * (index % PAGE_WIDTH);
    let at = ITEM_LENGTH_BYTES;
    for (let before = LENGTHS_AT; before < lengthAt; before += 2) {
      at += ITEM_LENGTH_BYTES + ((leaf[before]! << 8) | leaf[before + 1]!);
    }
    return this.itemPages.get(page).subarray(at, at + ((leaf[lengthAt]! << 8) | leaf[lengthAt + 1]!));
  }

  private prove(index: number): ItemProof {
    const item = this.itemAt(index).slice();
    const { count, root } = this.payload;
    const proof = proveInclusion((level, at) => this.hashAt(level, at), index, count);
    if (verifyInclusion(leafHash(item), proof, root)) return { item, index, path: proof.path };
    throw new PayloadDamagedError(`the proof of item ${index} does not hold`);
  }

  /** The hash of a subtree that is whole, of 2^level items. */
  private hashAt(level: number, index: number): Uint8Array {
    const height = level % PAGE_LEVELS;
    const width = PAGE_WIDTH >> height;
    const pageLevel = (level - height) / PAGE_LEVELS;
    const page = Math.floor(index / width);
    const slot = hashSlot(height, index % width) * HASH_BYTES;
    const bytes = pageLevel === 0 ? this.leafPages.get(page) : this.readUpperPage(pageLevel, page);
    const at = slot + (pageLevel === 0 ? LEAF_HASHES_AT : UPPER_HASHES_AT);
    return bytes.slice(at, at + HASH_BYTES);
  }

  private readUpperPage(level: number, index: number): Uint8Array {
    return this.upperPages.get(placeOfPage(this.pageCounts, level, index));
  }

  /** The items of a page, each after its length. */
  private readItems(page: number, into: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const leaf = this.leafPages.get(page);
    const view = new DataView(leaf.buffer, leaf.byteOffset, leaf.length);
    const from = Number(view.getBigUint64(0));
    let sizeBytes = 0;
    for (let slot = 0; slot < PAGE_WIDTH; slot++) {
      const length = view.getUint16(LENGTHS_AT + 2 * slot);
      if (length > 0) sizeBytes += ITEM_LENGTH_BYTES + length;
    }
    if (from + sizeBytes <= this.payload.sizeBytes) return readAt(this.itemsFile, from, sizeBytes, into);
    throw new PayloadDamagedError(`page ${page} has its items beyond the end`);
  }
}

/** Whether a payload is the one that a batch on the ledger speaks of. */
export function isPayloadOf(payload: StoredPayload, count: number, root: Uint8Array): boolean {
  return payload.count === count && equalBytes(payload.root, root);
}

/** How many of the first `count` numbers from 0 on something holds for, when it holds for none after the first it does not. */
function countWhile(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reads bytes into the beginning of `into`, or into new ones where that is too short. */
function readAt(
  file: number,
  position: number,
  sizeBytes: number,
  into: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const bytes = into.length === sizeBytes ? into : bytesOf(into.buffer, sizeBytes);
  const read = readSync(file, bytes, 0, sizeBytes, position);
  if (read === sizeBytes) return bytes;
  throw new PayloadDamagedError(`${read} bytes at ${position}, not ${sizeBytes}`);
}

function bytesOf(buffer: ArrayBuffer, sizeBytes: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.byteLength < sizeBytes ? new ArrayBuffer(sizeBytes) : buffer, 0, sizeBytes);
}

/** Where a code's end begins: at the separator after its parent. */
function endStart(code: string): number {
  return Math.max(code.lastIndexOf("."), code.lastIndexOf("/"));
}

/** The end of a code as pages have it, so that its order is that of the state tree. */
function endOfCode(code: string): string {
  const at = endStart(code);
  return (code[at] === "/" ? "\u0001" : "\u0002") + code.slice(at + 1);
}
