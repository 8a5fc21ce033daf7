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
import { applyDelta } from "./tree/delta.ts";
import { decodePage, rootOfEntries, StoreDamagedError } from "./tree/page.ts";
import { UpperTree } from "./tree/upper.ts";

/** An upper tree as it stood after a block. */
export type UpperAt = { readonly tree: UpperTree; height: number };

const NAME = /^upper-([0-9]+)$/;

/** Heights of the snapshots in a folder, newest first. */
export function snapshotHeights(folder: string): number[] {
  if (!existsSync(folder)) return [];
  const heights = readdirSync(folder).map((name) => NAME.exec(name)?.[1]);
  return heights.flatMap((height) => (height === undefined ? [] : [Number(height)])).sort((a, b) => b - a);
}

/** Writes a snapshot so that it is there whole or not at all, and removes the older ones. */
export async function writeSnapshot(folder: string, height: number, bytes: Buffer): Promise<void> {
  const path = `${folder}/upper-${height}`;
  const file = await open(`${path}.part`, "w", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  renameSync(`${path}.part`, path);
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
  for (const older of snapshotHeights(folder))
    if (older < height) rmSync(`${folder}/upper-${older}`, { force: true });
}

/**
 * The upper tree at the store's head: the newest snapshot that is sound, and the deltas since. Where none is, it is
 * built from the pages, which takes a read of the whole state. Its root is compared with the head's.
 */
export function loadUpperTree(store: RegistryStore, folder: string, head: StoredHead): UpperAt {
  for (const height of snapshotHeights(folder)) {
    if (height > head.height) continue;
    const tree = new UpperTree();
    if (!tree.restore(readFileSync(`${folder}/upper-${height}`))) continue;
    const at = { tree, height };
    if (followDeltas(store, at, head) && equalBytes(tree.rehash(), head.stateRoot)) return at;
  }
  const fresh = { tree: new UpperTree(), height: -1 };
  if (followDeltas(store, fresh, head) && equalBytes(fresh.tree.rehash(), head.stateRoot)) return fresh;
  const built = rebuildUpperTree(store);
  if (!equalBytes(built.rehash(), head.stateRoot)) {
    throw new StoreDamagedError("the stored pages do not lead to the state root of the newest block");
  }
  return { tree: built, height: head.height };
}

/** Brings a tree forward to the head; false when a delta between is no longer kept. The tree is not hashed yet. */
export function followDeltas(store: RegistryStore, at: UpperAt, head: StoredHead): boolean {
  while (at.height < head.height) {
    const delta = store.readDelta(at.height + 1);
    if (delta === undefined) return false;
    applyDelta(delta, at.tree);
    at.height += 1;
  }
  return true;
}

/** Builds the upper tree from the pages alone. */
export function rebuildUpperTree(store: RegistryStore): UpperTree {
  const pages: { readonly number: number; readonly first: string; readonly root: Uint8Array }[] = [];
  for (let number = 0; number < store.pageCount(); number++) {
    const page = decodePage(store.readPage(number));
    const root = rootOfEntries(page, 0, page.keys.length);
    pages.push({ number, first: page.keys[0]!, root });
  }
  pages.sort((a, b) => (a.first < b.first ? -1 : 1));
  const bits = pages.map((page, at) => (at === 0 ? -1 : firstDifferingBit(pages[at - 1]!.first, page.first)));
  return UpperTree.ofPages(
    pages.map((page) => page.number),
    bits,
    pages.map((page) => page.root),
  );
}
