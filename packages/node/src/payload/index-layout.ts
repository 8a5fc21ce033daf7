import { createHash } from "node:crypto";
import { type Code, isCode } from "@cityroot/codes/ma/code";
import { CODE_CHARACTERS_MAX, CUSTOM_NODE_CHARACTERS_MAX } from "@cityroot/codes/ma/limits";
import { assert } from "@cityroot/core/assert";
import { equalBytes } from "@cityroot/core/hex";
import { BATCH_ITEMS_MAX } from "@cityroot/core/limits";
import type { StoredPayload } from "./payload-store.ts";

// The form of an index, the file beside a payload that finds and proves its items in few reads: a header, then pages of
// fixed lengths. A page stands for up to 64 children: on level 0 for items, above for pages of the level below. It holds
// the hashes of the six levels of the tree of hashes (RFC 6962 §2.1) from its children up to two below their root.
// A page comes after all that lie below it, so that an index is written from front to back while its items come in.

/** Children of a page, and the levels of the tree of hashes that it holds. */
export const PAGE_WIDTH = 64;
export const PAGE_LEVELS = 6;

const HASH_BYTES = 32;
/** Hashes of a page: 64, 32, 16, 8, 4 and 2. */
export const PAGE_HASHES_BYTES: number = (2 * PAGE_WIDTH - 2) * HASH_BYTES;

/** A page of items: where the first begins in the stream (8 bytes), the length of each (2 bytes), hashes. */
export const LENGTHS_AT = 8;
export const LEAF_HASHES_AT: number = LENGTHS_AT + 2 * PAGE_WIDTH;
export const LEAF_PAGE_BYTES: number = LEAF_HASHES_AT + PAGE_HASHES_BYTES;

/**
 * A page of pages: of each the end of its first code, hashes. All codes of a batch share their parent, so the separator
 * and the last node tell them apart; they stand after their length (1 byte), with 1 for "/" and 2 for ".", as in the
 * keys of the state tree.
 */
export const CODE_END_BYTES: number = 1 + 1 + CUSTOM_NODE_CHARACTERS_MAX;
export const UPPER_HASHES_AT: number = PAGE_WIDTH * CODE_END_BYTES;
export const UPPER_PAGE_BYTES: number = UPPER_HASHES_AT + PAGE_HASHES_BYTES;

/** Where in a page's hashes the one is that stands `level` levels above its children, in units of hashes. */
export function hashSlot(level: number, index: number): number {
  return 2 * PAGE_WIDTH - ((2 * PAGE_WIDTH) >> level) + index;
}

/** How many pages each level has, from the items up; the last has one. */
export function countPages(items: number): readonly number[] {
  const counts: number[] = [];
  let count = items;
  do {
    count = Math.ceil(count / PAGE_WIDTH);
    counts.push(count);
  } while (count > 1);
  return counts;
}

/** Where a page is in the index, in bytes. */
export function placeOfPage(counts: readonly number[], level: number, index: number): number {
  let leaves = level === 0 ? index : 0;
  let uppers = level === 0 ? 0 : index;
  let width = 1;
  for (let below = level - 1; below >= 0; below--) {
    width *= PAGE_WIDTH;
    const count = Math.min((index + 1) * width, counts[below]!);
    if (below === 0) leaves = count;
    else uppers += count;
  }
  width = 1;
  for (let above = level + 1; above < counts.length; above++) {
    width *= PAGE_WIDTH;
    uppers += Math.floor(index / width);
  }
  return HEADER_BYTES + leaves * LEAF_PAGE_BYTES + uppers * UPPER_PAGE_BYTES;
}

/** Length of the index of so many items, in bytes. */
export function indexBytes(items: number): number {
  const [leaves = 0, ...uppers] = countPages(items);
  const upper = uppers.reduce((sum, count) => sum + count, 0);
  return HEADER_BYTES + leaves * LEAF_PAGE_BYTES + upper * UPPER_PAGE_BYTES;
}

/** Levels of pages of the largest batch, and one more, which is begun when the one below it is full. */
export const LEVELS_MAX: number = countPages(BATCH_ITEMS_MAX).length + 1;

/** The header: a magic, count (4), size (8), digest (32), root (32), first and last code, and SHA-256 of all that. */
export const HEADER_BYTES = 512;
const MAGIC = Buffer.from("cityroot-items/1", "latin1");
const COUNT_AT = 16;
const SIZE_AT = 20;
const DIGEST_AT = 28;
const ROOT_AT = DIGEST_AT + HASH_BYTES;
const FIRST_AT = ROOT_AT + HASH_BYTES;
const LAST_AT = FIRST_AT + 1 + CODE_CHARACTERS_MAX;
const CHECKSUM_AT = HEADER_BYTES - HASH_BYTES;

assert(LAST_AT + 1 + CODE_CHARACTERS_MAX <= CHECKSUM_AT, "a header holds its codes");

/** The header of a payload's index. */
export function encodeHeader(payload: StoredPayload): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.set(MAGIC, 0);
  header.writeUInt32BE(payload.count, COUNT_AT);
  header.writeBigUInt64BE(BigInt(payload.sizeBytes), SIZE_AT);
  header.set(payload.digest, DIGEST_AT);
  header.set(payload.root, ROOT_AT);
  for (const [at, code] of [
    [FIRST_AT, payload.first],
    [LAST_AT, payload.last],
  ] as const) {
    header[at] = code.length;
    header.write(code, at + 1, "latin1");
  }
  header.set(checksumOf(header), CHECKSUM_AT);
  return header;
}

/** What a header says; undefined when it is none, or damaged. */
export function decodeHeader(header: Buffer): StoredPayload | undefined {
  if (header.length !== HEADER_BYTES || !equalBytes(header.subarray(0, COUNT_AT), MAGIC)) return undefined;
  if (!equalBytes(header.subarray(CHECKSUM_AT), checksumOf(header))) return undefined;
  const count = header.readUInt32BE(COUNT_AT);
  const sizeBytes = Number(header.readBigUInt64BE(SIZE_AT));
  const first = codeAt(header, FIRST_AT);
  const last = codeAt(header, LAST_AT);
  if (count < 1 || count > BATCH_ITEMS_MAX || first === undefined || last === undefined) return undefined;
  const digest = Uint8Array.from(header.subarray(DIGEST_AT, ROOT_AT));
  const root = Uint8Array.from(header.subarray(ROOT_AT, FIRST_AT));
  return { digest, sizeBytes, root, count, first, last };
}

function codeAt(header: Buffer, at: number): Code | undefined {
  const text = header.toString("latin1", at + 1, at + 1 + header[at]!);
  return isCode(text) ? text : undefined;
}

function checksumOf(header: Buffer): Uint8Array {
  return createHash("sha256").update(header.subarray(0, CHECKSUM_AT)).digest();
}
