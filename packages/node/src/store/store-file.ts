import { closeSync, existsSync, fstatSync, openSync, readSync, truncateSync } from "node:fs";
import { areUnused } from "./free-pages.ts";

// LMDB maps its file and believes it: one that is no store of its, or is shorter than it says, ends the process without
// a word. So the file is looked at first. Layout: `MDB_meta` of LMDB's mdb.c, in the first two pages.

const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;
const PAGE_BYTES_AT = 48;
const FREE_ROOT_AT = 88;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const PAGE_BYTES_MAX = 65_536;

/** How often a file is looked at anew that its writer changed meanwhile. */
const LOOKS_MAX = 10;

/**
 * Sees to it that a store's file can be opened: throws for one that is none. A file may lack its last pages while they
 * are unused. A writer gives it empty ones, and reading an empty page that was in use fails by name; a reader changes
 * nothing, so that it throws where pages in use are missing: reading them would end its process.
 */
export function prepareStoreFile(path: string, readOnly: boolean): void {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  try {
    if (fstatSync(file).size === 0) return;
    if (readOnly) checkWhole(file);
    else {
      const needed = bytesNeeded(readNewestMeta(file));
      if (fstatSync(file).size < needed) truncateSync(path, needed);
    }
  } finally {
    closeSync(file);
  }
}

/** What a store's newest meta says. */
type Meta = {
  readonly pageBytes: number;
  /** Root of the tree of unused pages. */
  readonly freeRoot: bigint;
  readonly lastPage: number;
  readonly transaction: bigint;
};

/** Throws for a file that lacks pages in use. Another process may be writing it. */
function checkWhole(file: number): void {
  for (let look = 0; look < LOOKS_MAX; look++) {
    const meta = readNewestMeta(file);
    const { pageBytes, lastPage, transaction } = meta;
    // Only after the meta: what is written meanwhile makes the file longer.
    const { size } = fstatSync(file);
    const needed = bytesNeeded(meta);
    if (size >= needed) return;
    const tree = { file, pageBytes, root: meta.freeRoot };
    if (areUnused(tree, Math.floor(size / pageBytes), lastPage)) return;
    // A writer may take the pages of the tree for others as soon as a newer one is there.
    if (readNewestMeta(file).transaction !== transaction) continue;
    throw new Error(`its file was cut off: it has ${size} of ${needed} bytes, and pages in use are missing`);
  }
}

/** Bytes up to the last page. */
function bytesNeeded({ lastPage, pageBytes }: Meta): number {
  return (lastPage + 1) * pageBytes;
}

function readNewestMeta(file: number): Meta {
  const first = readMeta(file, 0);
  const pageBytes = first.readUInt32LE(PAGE_BYTES_AT);
  const isPage = pageBytes >= 512 && pageBytes <= PAGE_BYTES_MAX && (pageBytes & (pageBytes - 1)) === 0;
  if (!isPage) throw new Error("its file is no store");
  const second = readMeta(file, pageBytes);
  const isFirst = first.readBigUInt64LE(TRANSACTION_AT) >= second.readBigUInt64LE(TRANSACTION_AT);
  const newest = isFirst ? first : second;
  return {
    pageBytes,
    freeRoot: newest.readBigUInt64LE(FREE_ROOT_AT),
    lastPage: Number(newest.readBigUInt64LE(LAST_PAGE_AT)),
    transaction: newest.readBigUInt64LE(TRANSACTION_AT),
  };
}

function readMeta(file: number, at: number): Buffer {
  const meta = Buffer.alloc(META_BYTES);
  readSync(file, meta, 0, META_BYTES, at);
  if (meta.readUInt32LE(MAGIC_AT) !== MAGIC) throw new Error("its file is no store");
  return meta;
}
