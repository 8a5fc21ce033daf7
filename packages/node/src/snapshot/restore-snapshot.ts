import { rmSync } from "node:fs";
import { assert } from "@cityroot/core/assert";
import { decodeFrontier } from "@cityroot/core/log/tree";
import { type CheckpointSigner, signCheckpoint } from "../engine/seal.ts";
import { openRegistryStore, type StoreRows } from "../store/registry-store.ts";
import { StoreDamagedError } from "../store/store-damaged-error.ts";
import type { UpperTree } from "../store/tree/upper.ts";
import { writeSnapshot as writeUpperTree } from "../store/upper-snapshot.ts";
import { decodeVersionRow, type VersionRow } from "../store/version-row.ts";
import { blockCheck } from "./check-blocks.ts";
import { pageCheck } from "./check-pages.ts";
import { versionCheck } from "./check-versions.ts";
import { rowReader } from "./row-stream.ts";
import { chunkBytesOf, isChunk, type SnapshotManifest } from "./snapshot-manifest.ts";
import { SnapshotRefusedError } from "./snapshot-refused-error.ts";

/** What a restore is made of. */
export type RestoreParts = {
  /** Of a snapshot whose head is trusted: its app hash is that of the consensus. */
  readonly manifest: SnapshotManifest;
  /** Height of the consensus after which it was taken. */
  readonly consensusHeight: number;
  /** Folder of the new store: what is in it is taken away. */
  readonly folder: string;
  readonly signer: CheckpointSigner;
};

/**
 * A store that is being made of a snapshot. No process can open it before {@link finish} ended: it has no head until then.
 * Methods throw a {@link SnapshotRefusedError} for what is not what the head says; nothing goes on after that but
 * {@link abandon}.
 */
export type SnapshotRestore = {
  /** Index of the chunk that is taken next; as many as there are, when it is whole. */
  readonly nextChunk: () => number;
  /** Whether the rows are those of the next chunk, as the manifest names them. */
  readonly isNext: (rows: Buffer) => boolean;
  /** Takes the rows of the next chunk. */
  readonly take: (rows: Buffer) => Promise<void>;
  /** Checks that nothing is missing, and makes the store whole, durable and closed. */
  readonly finish: () => Promise<void>;
  /** Closes the store and takes its folder away. */
  readonly abandon: () => Promise<void>;
};

const NO_ROWS: StoreRows = { pages: [], versions: [], tiles: [], entryBundles: [], blocks: [] };

/** Begins a restore in an empty folder. */
export function restoreSnapshot({
  manifest,
  consensusHeight,
  folder,
  signer,
}: RestoreParts): SnapshotRestore {
  rmSync(folder, { recursive: true, force: true });
  const store = openRegistryStore(folder);
  const reader = rowReader();
  const { height, versionCount, pageCount } = manifest;
  // Rows that are not durable yet are read from here.
  const pending = new Map<number, VersionRow>();
  const versions = versionCheck(versionCount, (number) => pending.get(number) ?? store.readVersion(number));
  const pages = pageCheck(pageCount, manifest.stateRoot, versions);
  const blocks = blockCheck(height, manifest.logFrontier);
  let chunk = 0;
  let row = 0;
  let tree: UpperTree | undefined;
  let writing: Promise<void> = Promise.resolve();

  const readRows = (rows: readonly Buffer[]): StoreRows => {
    const firstPage = versionCount;
    const firstBlock = versionCount + pageCount;
    const part = (from: number, to: number): readonly Buffer[] =>
      rows.slice(Math.max(0, from - row), Math.max(0, to - row));
    const versionRows = part(0, firstPage).map((bytes, at): [number, Buffer] => {
      const number = row + at + 1;
      pending.set(number, decodeVersionRow(bytes));
      versions.add(bytes);
      return [number, bytes];
    });
    const pageRows = part(firstPage, firstBlock).map((bytes, at): [number, Buffer] => {
      pages.add(bytes);
      return [Math.max(0, row - firstPage) + at, bytes];
    });
    const blockRows = part(firstBlock, Number.POSITIVE_INFINITY);
    const atBlock = Math.max(0, row - firstBlock);
    row += rows.length;
    if (row >= firstBlock) tree ??= pages.finish();
    const rest = { ...NO_ROWS, versions: versionRows, pages: pageRows };
    if (blockRows.length === 0) return rest;
    const { tiles, entryBundles } = blocks.add(blockRows);
    return {
      ...rest,
      ...{ tiles, entryBundles },
      blocks: blockRows.map((bytes, at) => [atBlock + at, bytes]),
    };
  };

  return {
    nextChunk: () => chunk,
    isNext: (rows) => rows.length === chunkBytesOf(manifest, chunk) && isChunk(manifest, chunk, rows),
    take: async (rows) => {
      chunk += 1;
      const whole = reader.take(rows);
      if (whole === undefined) throw new SnapshotRefusedError(`chunk ${chunk - 1} holds a row of no length`);
      const checked = refuseDamaged(() => readRows(whole));
      // One write at a time is under way, while the next rows are checked.
      await writing;
      writing = store.writeRows(checked).then(() => {
        for (const [number] of checked.versions) pending.delete(number);
      });
      writing.catch(() => {});
    },
    finish: async () => {
      const sealPath = blocks.finish();
      if (!reader.isWhole() || tree === undefined) throw new SnapshotRefusedError("the last row has no end");
      await writing;
      await writeUpperTree(folder, height, tree.snapshot());
      const { timeMs, stateRoot, logFrontier } = manifest;
      const frontier = decodeFrontier(logFrontier);
      assert(frontier.ok, "the log that came of the blocks is one");
      const note = signCheckpoint(signer, { height, timeMs, stateRoot, frontier: frontier.value });
      const head = { height, timeMs, stateRoot, logFrontier, note, sealPath, nextVersion: versionCount + 1 };
      await store.writeHead(head, consensusHeight);
      await store.close();
    },
    abandon: async () => {
      await writing.catch(() => {});
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a check; rows that no store would have written are refused as any others. */
function refuseDamaged<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof StoreDamagedError) throw new SnapshotRefusedError(cause.message, { cause });
    throw cause;
  }
}
