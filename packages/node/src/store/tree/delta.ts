import type { Join, UpperTree } from "./upper.ts";

/** What a block changed in the upper tree: new places in order, then the pages that have a new root. */
export type Delta = {
  readonly joins: readonly Join[];
  readonly pages: readonly (readonly [number, Uint8Array])[];
};

const JOIN_BYTES = 7;
const PAGE_BYTES = 36;

/** Bytes of a delta: two counts, the joins, the pages with their roots. */
export function encodeDelta({ joins, pages }: Delta): Buffer {
  const bytes = Buffer.allocUnsafe(8 + joins.length * JOIN_BYTES + pages.length * PAGE_BYTES);
  bytes.writeUInt32LE(joins.length, 0);
  bytes.writeUInt32LE(pages.length, 4);
  let at = 8;
  for (const { page, bit, newOnRight } of joins) {
    bytes.writeUInt32LE(page, at);
    bytes.writeUInt16LE(bit, at + 4);
    bytes[at + 6] = newOnRight ? 1 : 0;
    at += JOIN_BYTES;
  }
  for (const [page, hash] of pages) {
    bytes.writeUInt32LE(page, at);
    bytes.set(hash, at + 4);
    at += PAGE_BYTES;
  }
  return bytes;
}

/**
 * Makes the changes of an encoded delta on a tree, which has to be rehashed then; false when the bytes are none, and
 * the tree is as it was.
 */
export function applyDelta(bytes: Buffer, tree: UpperTree): boolean {
  if (bytes.length < 8) return false;
  const joins = bytes.readUInt32LE(0);
  const pages = bytes.readUInt32LE(4);
  if (bytes.length !== 8 + joins * JOIN_BYTES + pages * PAGE_BYTES) return false;
  const pagesFrom = 8 + joins * JOIN_BYTES;
  const isEmpty = tree.isEmpty;
  const pageCount = isEmpty ? 1 : tree.pageCount;
  for (let index = 0; index < joins; index++) {
    if (bytes.readUInt32LE(8 + index * JOIN_BYTES) >= pageCount + index) return false;
  }
  for (let index = 0; index < pages; index++) {
    if (bytes.readUInt32LE(pagesFrom + index * PAGE_BYTES) >= pageCount + joins) return false;
  }
  if (isEmpty && pages > 0) tree.plant();
  for (let at = 8; at < pagesFrom; at += JOIN_BYTES) {
    tree.join({
      page: bytes.readUInt32LE(at),
      bit: bytes.readUInt16LE(at + 4),
      newOnRight: bytes[at + 6] === 1,
    });
  }
  for (let at = pagesFrom; at < bytes.length; at += PAGE_BYTES) {
    tree.setPageHash(bytes.readUInt32LE(at), bytes.subarray(at + 4, at + PAGE_BYTES));
  }
  return true;
}
