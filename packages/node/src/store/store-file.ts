import { closeSync, existsSync, fstatSync, openSync, readSync, truncateSync } from "node:fs";

// LMDB maps its file and believes it: one that is no store of its, or is shorter than it says, ends the process without
// a word. So the file is looked at first. Layout: `MDB_meta` of LMDB's mdb.c, in the first two pages.

const MAGIC = 0xbeefc0de;
const MAGIC_AT = 24;
const PAGE_BYTES_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const META_BYTES = 160;
const PAGE_BYTES_MAX = 65_536;

/**
 * Sees to it that a store's file can be opened: throws for one that is none. A file that lacks its last pages is given
 * empty ones, since they may be unused, and reading an empty page fails by name where it is not.
 */
export function prepareStoreFile(path: string, readOnly: boolean): void {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  let needed: number;
  let size: number;
  try {
    size = fstatSync(file).size;
    if (size === 0) return;
    needed = bytesNeeded(file);
  } finally {
    closeSync(file);
  }
  if (!readOnly && size < needed) truncateSync(path, needed);
}

/** Bytes up to the last page of the newest of the two metas. */
function bytesNeeded(file: number): number {
  const first = readMeta(file, 0);
  const pageBytes = first.readUInt32LE(PAGE_BYTES_AT);
  const isPage = pageBytes >= 512 && pageBytes <= PAGE_BYTES_MAX && (pageBytes & (pageBytes - 1)) === 0;
  if (!isPage) throw new Error("its file is no store");
  const second = readMeta(file, pageBytes);
  const isFirst = first.readBigUInt64LE(TRANSACTION_AT) >= second.readBigUInt64LE(TRANSACTION_AT);
  return (Number((isFirst ? first : second).readBigUInt64LE(LAST_PAGE_AT)) + 1) * pageBytes;
}

function readMeta(file: number, at: number): Buffer {
  const meta = Buffer.alloc(META_BYTES);
  readSync(file, meta, 0, META_BYTES, at);
  if (meta.readUInt32LE(MAGIC_AT) !== MAGIC) throw new Error("its file is no store");
  return meta;
}
