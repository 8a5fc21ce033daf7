import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { equalBytes } from "@cityroot/core/hex";
import { firstDifferingBit } from "@cityroot/core/state/key";
import type { RegistryStore, StoredHead } from "./registry-store.ts";
import { StoreDamagedError } from "./store-damaged-error.ts";
import { applyDelta } from "./tree/delta.ts";
import { StoredPage } from "./tree/stored-page.ts";
import { UpperTree } from "./tree/upper.ts";

/** An upper tree as it stood after a block. */
export type UpperAt = {
  readonly tree: UpperTree;
  height: number;
  /** Height of the snapshot that it began with; -1 where it began with none. */
  readonly snapshot: number;
  /** Bytes of the deltas that were followed since. */
  deltaBytes: number;
};

/** What an upper tree is made from; a page is undefined where there was none yet. */
export type UpperStore = Pick<RegistryStore, "readDelta" | "pageCount"> & {
  readonly readPage: (page: number) => Buffer | undefined;
};

const NAME = /^upper-([0-9]+)(\.part)?$/;

/** Heights of the snapshots in a folder, newest first. */
export function snapshotHeights(folder: string): number[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).map((name) => NAME.exec(name));
  const heights = found.flatMap((match) =>
    match === null || match[2] !== undefined ? [] : [Number(match[1])],
  );
  return heights.sort((a, b) => b - a);
}

/** Removes what an interrupted writer left of snapshots, and snapshots of blocks that the store does not have. */
export function removeLeftSnapshots(folder: string, height: number): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const match = NAME.exec(name);
    if (match !== null && (match[2] !== undefined || Number(match[1]) > height))
      rmSync(`${folder}/${name}`, { force: true });
  }
}

/** Writes a snapshot so that it is there whole or not at all. */
export async function writeSnapshot(folder: string, height: number, bytes: Buffer): Promise<void> {
  const path = `${folder}/upper-${height}`;
  const file = await open(`${path}.part`, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (cause) {
    rmSync(`${path}.part`, { force: true });
    throw cause;
  } finally {
    await file.close();
  }
  renameSync(`${path}.part`, path);
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
}

/** Removes snapshots that are older than the newest one at or below a height; gives that one's height, -1 for none. */
export function removeOlderSnapshots(folder: string, height: number): number {
  const [newest = -1, ...older] = snapshotHeights(folder).filter((one) => one <= height);
  for (const one of older) rmSync(`${folder}/upper-${one}`, { force: true });
  return newest;
}

/**
 * The upper tree at a head of the store: the newest snapshot that is sound, and the deltas since. Where none is, it is
 * built from the pages, which takes a read of the whole state. Its root is compared with the head's.
 */
export function loadUpperTree(store: UpperStore, folder: string, head: StoredHead): UpperAt {
  for (const height of [...snapshotHeights(folder), -1]) {
    if (height > head.height) continue;
    const at = { tree: new UpperTree(), height, snapshot: height, deltaBytes: 0 };
    if (height >= 0 && !at.tree.restore(readSnapshot(folder, height))) continue;
    if (followDeltas(store, at, head) && equalBytes(at.tree.rehash(), head.stateRoot)) return at;
  }
  const tree = rebuildUpperTree(store);
  if (!equalBytes(tree.rehash(), head.stateRoot)) {
    throw new StoreDamagedError("the stored pages do not lead to the state root of the newest block");
  }
  // A snapshot is due at once, so that the next start need not read everything again.
  return { tree, height: head.height, snapshot: -1, deltaBytes: Number.POSITIVE_INFINITY };
}

/** Bytes of a snapshot; none when the process that writes has removed it meanwhile. */
function readSnapshot(folder: string, height: number): Buffer {
  try {
    return readFileSync(`${folder}/upper-${height}`);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw cause;
  }
}

/**
 * Brings a tree forward to the head; false when a delta between is no longer kept or is damaged. The tree is not hashed
 * yet.
 */
export function followDeltas(store: UpperStore, at: UpperAt, head: StoredHead): boolean {
  while (at.height < head.height) {
    const delta = store.readDelta(at.height + 1);
    if (delta === undefined || !applyDelta(delta, at.tree)) return false;
    at.height += 1;
    at.deltaBytes += delta.length;
  }
  return !at.tree.isEmpty;
}

/** Builds the upper tree from the pages alone. */
export function rebuildUpperTree(store: Pick<UpperStore, "pageCount" | "readPage">): UpperTree {
  const pages: { readonly number: number; readonly first: string; readonly root: Uint8Array }[] = [];
  for (let number = 0; number < store.pageCount(); number++) {
    const bytes = store.readPage(number);
    if (bytes === undefined) continue;
    const page = new StoredPage(bytes);
    pages.push({ number, first: page.keyAt(0), root: page.hashed().root() });
  }
  pages.sort((a, b) => (a.first < b.first ? -1 : 1));
  const bits = pages.map((page, at) => (at === 0 ? -1 : firstDifferingBit(pages[at - 1]!.first, page.first)));
  return UpperTree.ofPages(
    pages.map((page) => page.number),
    bits,
    pages.map((page) => page.root),
  );
}
