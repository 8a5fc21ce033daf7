import { readSync } from "node:fs";

// LMDB keeps the numbers of its unused pages in a tree of its own, from transaction to a list of numbers. Layout:
// `MDB_page`, `MDB_node`, `MDB_ovpage` of LMDB's mdb.c, and the lists with blocks of midl.c.

const HEAD_BYTES = 24;
const FLAGS_AT = 18;
const LOWER_AT = 20;
const BRANCH = 1;
const LEAF = 2;
/** A node: two halves of a size or a page number, flags, the length of its key; then key and data. */
const NODE_HEAD_BYTES = 8;
/** Flag of a node whose data is in pages of their own. */
const IN_PAGES = 1;
/** Deepest tree that LMDB makes. */
const DEPTH_MAX = 32;
/** Number of a tree's root when it has none. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** Where a file's pages are, and the root of its tree of unused pages. */
export type FreeTree = { readonly file: number; readonly pageBytes: number; readonly root: bigint };

/**
 * Whether all pages from one on, up to and with another, are unused. False too where the tree cannot be read, as when
 * its own pages are missing.
 */
export function areUnused(tree: FreeTree, from: number, to: number): boolean {
  const unused = new Uint8Array(to + 1 - from);
  const isRead = tree.root === NO_PAGE || markBelow(tree, Number(tree.root), 0, { unused, from, to });
  return isRead && !unused.includes(0);
}

/** A byte for each page from one to another: 1 once it is known to be unused. */
type Marks = { readonly unused: Uint8Array; readonly from: number; readonly to: number };

/** Marks what the tree below a page holds; false where it cannot be read. */
function markBelow(tree: FreeTree, number: number, depth: number, marks: Marks): boolean {
  const page = readBytes(tree, number, tree.pageBytes);
  if (page === undefined || depth > DEPTH_MAX) return false;
  const flags = page.readUInt16LE(FLAGS_AT);
  if ((flags & (BRANCH | LEAF)) === 0) return false;
  const count = page.readUInt16LE(LOWER_AT) >> 1;
  for (let index = 0; index < count; index++) {
    const at = HEAD_BYTES + 2 * index;
    const node = at + 2 > page.length ? page.length : HEAD_BYTES + page.readUInt16LE(at);
    if (node + NODE_HEAD_BYTES > page.length) return false;
    const isRead =
      (flags & BRANCH) !== 0
        ? markBelow(tree, page.readUIntLE(node, 6), depth + 1, marks)
        : markNode(tree, page, node, marks);
    if (!isRead) return false;
  }
  return true;
}

/** Marks the pages of a leaf's node; false where it cannot be read. */
function markNode(tree: FreeTree, page: Buffer, node: number, marks: Marks): boolean {
  const bytes = page.readUInt32LE(node);
  const at = node + NODE_HEAD_BYTES + page.readUInt16LE(node + 6);
  const isInPages = (page.readUInt16LE(node + 4) & IN_PAGES) !== 0;
  if (at + 8 > page.length) return false;
  const list = isInPages
    ? readBytes(tree, Number(page.readBigUInt64LE(at)), HEAD_BYTES + bytes)?.subarray(HEAD_BYTES)
    : page.subarray(at, at + bytes);
  if (list === undefined || list.length !== bytes) return false;
  markList(list, marks);
  return true;
}

/** Marks the pages of a list: after its length, numbers, and before the first number of a block its length below zero. */
function markList(list: Buffer, { unused, from, to }: Marks): void {
  let width = 1;
  for (let at = 8; at + 8 <= list.length; at += 8) {
    const entry = Number(list.readBigInt64LE(at));
    if (entry < 0) {
      width = -entry;
      continue;
    }
    const end = Math.min(entry + width, to + 1);
    for (let page = Math.max(entry, from); page < end; page++) unused[page - from] = 1;
    width = 1;
  }
}

function readBytes({ file, pageBytes }: FreeTree, page: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  return readSync(file, bytes, 0, length, page * pageBytes) === length ? bytes : undefined;
}
