import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { decodeManifest, snapshotHash } from "./snapshot-manifest.ts";
import { chunkName, MANIFEST_NAME } from "./write-snapshot.ts";

/** A snapshot that is whole on disk. */
export type StoredSnapshot = {
  /** Height of the consensus after which it was taken. */
  readonly height: number;
  readonly hash: Uint8Array;
  readonly manifest: Uint8Array;
  readonly chunks: number;
};

const NAME = /^[1-9][0-9]*$/;
const PART = /\.part$/;

/** Reads the snapshot of a height below a folder; undefined where there is none that is whole. */
export function readSnapshot(folder: string, height: number): StoredSnapshot | undefined {
  const path = `${folder}/${height}/${MANIFEST_NAME}`;
  if (!existsSync(path)) return undefined;
  const manifest = readFileSync(path);
  const read = decodeManifest(manifest);
  if (read === undefined) return undefined;
  return { height, hash: snapshotHash(manifest), manifest, chunks: read.chunkDigests.length };
}

/** The snapshots below a folder, oldest first. What an interrupted writer left is taken away. */
export function readSnapshots(folder: string): StoredSnapshot[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  for (const name of names)
    if (PART.test(name)) rmSync(`${folder}/${name}`, { recursive: true, force: true });
  const found = names.filter((name) => NAME.test(name)).map((name) => readSnapshot(folder, Number(name)));
  return found.filter((snapshot) => snapshot !== undefined).sort((a, b) => a.height - b.height);
}

/** A chunk as it is sent; undefined where there is none, also when its snapshot was taken away meanwhile. */
export async function readChunk(
  folder: string,
  { height, chunks }: Pick<StoredSnapshot, "height" | "chunks">,
  index: number,
): Promise<Uint8Array | undefined> {
  if (index >= chunks) return undefined;
  return readFile(`${folder}/${height}/${chunkName(index)}`).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
}

/** Takes a snapshot away. */
export function removeSnapshot(folder: string, height: number): void {
  rmSync(`${folder}/${height}`, { recursive: true, force: true });
}
