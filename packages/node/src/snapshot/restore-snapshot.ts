import { rmSync } from "node:fs";
import { assert } from "@cityroot/core/assert";
import { decodeFrontier } from "@cityroot/core/log/tree";
import type { StateView } from "@cityroot/core/state/view";
import { type CheckpointSigner, signCheckpoint } from "../engine/seal.ts";
import { entryReader } from "../store/read-entry.ts";
import { openRegistryStore, type StoredHead } from "../store/registry-store.ts";
import { writeSnapshot as writeUpperTree } from "../store/upper-snapshot.ts";
import { rowCheck } from "./check-rows.ts";
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
  /**
   * Checks that nothing is missing, makes the store whole, durable and closed, and gives what `read` reads of its state
   * before that.
   */
  readonly finish: <T>(read: (view: Pick<StateView, "get">) => T) => Promise<T>;
  /** Closes the store and takes its folder away. */
  readonly abandon: () => Promise<void>;
};

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
  const checks = rowCheck(manifest, store.readVersion);
  let chunk = 0;
  let writing: Promise<void> = Promise.resolve();
  return {
    nextChunk: () => chunk,
    isNext: (rows) => rows.length === chunkBytesOf(manifest, chunk) && isChunk(manifest, chunk, rows),
    take: async (rows) => {
      chunk += 1;
      const whole = reader.take(rows);
      if (whole === undefined) throw new SnapshotRefusedError(`chunk ${chunk - 1} holds a row of no length`);
      const checked = checks.add(whole);
      // One write at a time is under way, while the next rows are checked.
      await writing;
      writing = store.writeRows(checked).then(() => checks.written(checked.versions));
      writing.catch(() => {});
    },
    finish: async (read) => {
      const { tree, sealPath } = checks.finish();
      if (!reader.isWhole()) throw new SnapshotRefusedError("the last row has no end");
      await writing;
      const got = read(entryReader(store, tree));
      await writeUpperTree(folder, manifest.height, tree.snapshot());
      await store.writeHead(headOf(manifest, sealPath, signer), consensusHeight);
      await store.close();
      return got;
    },
    abandon: async () => {
      await writing.catch(() => {});
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function headOf(
  { height, timeMs, stateRoot, logFrontier, versionCount }: SnapshotManifest,
  sealPath: readonly Uint8Array[],
  signer: CheckpointSigner,
): StoredHead {
  const frontier = decodeFrontier(logFrontier);
  assert(frontier.ok, "the log that came of the blocks is one");
  const note = signCheckpoint(signer, { height, timeMs, stateRoot, frontier: frontier.value });
  return { height, timeMs, stateRoot, logFrontier, note, sealPath, nextVersion: versionCount + 1 };
}
