import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { constants, zstdCompressSync } from "node:zlib";
import { sha256 } from "@cityroot/core/hash";
import type { RegistryStore, StoredHead } from "../store/registry-store.ts";
import { encodeVersionRow } from "../store/version-row.ts";
import { rowWriter } from "./row-stream.ts";
import { CHUNK_BYTES, encodeManifest, type SnapshotManifest } from "./snapshot-manifest.ts";

/** Name of the manifest in the folder of a snapshot; its chunks lie beside it. */
export const MANIFEST_NAME = "manifest";

/** Name of a chunk in the folder of its snapshot. */
export function chunkName(index: number): string {
  return `chunk-${index}`;
}

/** Folder of a snapshot that is being written: it gets its own name when it is whole. */
export function partName(height: number): string {
  return `${height}-${process.pid}.part`;
}

/** What is read of a store to write a snapshot: everything in it that is not made of the rest. */
export type SnapshotSource = Pick<RegistryStore, "readVersion" | "readPage" | "pageCount" | "readBlock">;

/**
 * Writes what a store holds as a snapshot below a folder, named by the height of the consensus: whole, or not at all. The
 * store is read in one turn of events, so that all of it is of one moment.
 */
export function writeSnapshot(
  source: SnapshotSource,
  head: StoredHead,
  folder: string,
  consensusHeight: number,
): SnapshotManifest {
  const part = `${folder}/${partName(consensusHeight)}`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { mode: 0o700 });
  try {
    const manifest = writeChunks(source, head, part);
    writeDurable(`${part}/${MANIFEST_NAME}`, encodeManifest(manifest));
    syncFolder(part);
    renameSync(part, `${folder}/${consensusHeight}`);
    syncFolder(folder);
    return manifest;
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    throw cause;
  }
}

function writeChunks(source: SnapshotSource, head: StoredHead, part: string): SnapshotManifest {
  const chunkDigests: Uint8Array[] = [];
  const rows = rowWriter(CHUNK_BYTES, (chunk) => {
    writeDurable(`${part}/${chunkName(chunkDigests.length)}`, packChunk(chunk));
    // Of the rows and not of what they are packed to: another version of the packer packs otherwise.
    chunkDigests.push(sha256(chunk));
  });
  const versionCount = head.nextVersion - 1;
  const pageCount = source.pageCount();
  // Versions first: when an entry comes, the rows that it leads to are there to be held against it.
  for (let number = 1; number <= versionCount; number++)
    rows.add(encodeVersionRow(source.readVersion(number)));
  for (let page = 0; page < pageCount; page++) rows.add(source.readPage(page));
  for (let height = 0; height <= head.height; height++) rows.add(demand(source.readBlock(height), height));
  const { height, timeMs, stateRoot, logFrontier } = head;
  const streamBytes = rows.end();
  return { height, timeMs, stateRoot, logFrontier, versionCount, pageCount, streamBytes, chunkDigests };
}

/** The fastest level: it takes half of the bytes away, and others gain little more. */
function packChunk(rows: Buffer): Buffer {
  return zstdCompressSync(rows, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

function demand(block: Buffer | undefined, height: number): Buffer {
  if (block === undefined) throw new Error(`block ${height} is missing from the store`);
  return block;
}

function writeDurable(path: string, bytes: Uint8Array): void {
  writeFileSync(path, bytes, { mode: 0o600, flush: true });
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}
