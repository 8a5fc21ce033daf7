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
  for (const { ref, bit, newOnRight } of joins) {
    bytes.writeInt32LE(ref, at);
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

/** Makes the changes of an encoded delta on a tree, which has to be rehashed then. */
export function applyDelta(bytes: Buffer, tree: UpperTree): void {
  const joins = bytes.readUInt32LE(0);
  const pages = bytes.readUInt32LE(4);
  if (bytes.length !== 8 + joins * JOIN_BYTES + pages * PAGE_BYTES)
    throw new Error("a stored delta is damaged");
  let at = 8;
  for (let index = 0; index < joins; index++, at += JOIN_BYTES) {
    tree.join({
      ref: bytes.readInt32LE(at),
      bit: bytes.readUInt16LE(at + 4),
      newOnRight: bytes[at + 6] === 1,
    });
  }
  if (tree.isEmpty && pages > 0) tree.plant();
  for (let index = 0; index < pages; index++, at += PAGE_BYTES) {
    tree.setPageHash(bytes.readUInt32LE(at), bytes.subarray(at + 4, at + PAGE_BYTES));
  }
}
