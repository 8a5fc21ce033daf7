import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { assert } from "@cityroot/core/assert";
import { PROTOCOL_VERSION } from "@cityroot/core/genesis";
import { equalBytes } from "@cityroot/core/hex";
import type { Network } from "@cityroot/core/state/network";
import { restoreSnapshot, type SnapshotRestore } from "../../snapshot/restore-snapshot.ts";
import {
  CHUNK_BYTES,
  decodeManifest,
  SNAPSHOT_FORMAT,
  type SnapshotManifest,
  snapshotHash,
} from "../../snapshot/snapshot-manifest.ts";
import { SnapshotRefusedError } from "../../snapshot/snapshot-refused-error.ts";
import type { CheckpointSigner } from "../seal.ts";
import type { AbciApplication, RequestOf } from "./abci/application.ts";
import { appHashOf } from "./block-executor.ts";
import { readConsensusState } from "./consensus-state.ts";
import { CHUNK, OFFER } from "./snapshot-answers.ts";

const decompress = promisify(zstdDecompress);

/** What came to pass while a node takes a snapshot. */
export type RestoreEvent =
  | { readonly kind: "accepted"; readonly height: number; readonly chunks: number }
  | { readonly kind: "chunk"; readonly index: number }
  | { readonly kind: "refused"; readonly reason: string };

export type RestoringParts = {
  readonly network: Network;
  readonly signer: CheckpointSigner;
  /** Folder of the store while it is being made. */
  readonly folder: string;
  /** Bytes that are free where the store is made; those of the folder's disk if left out. */
  readonly freeBytes?: () => Promise<number>;
  readonly onEvent: (event: RestoreEvent) => void;
  /** Puts the store, which is whole, in its place. */
  readonly onRestored: () => void;
  /** Is told when CometBFT has what it needs of the snapshot and begins with the block after it: it is to end then. */
  readonly onHandOver: () => void;
};

/** An application that has no state yet and takes a snapshot in place of every block from the first on. */
export type RestoringApplication = {
  readonly application: AbciApplication;
  /** Lets go of what was asked and not answered, and takes away what is not whole: CometBFT has ended before that. */
  readonly close: () => Promise<void>;
};

type Offered = { readonly manifest: SnapshotManifest; readonly consensusHeight: number };

/** The application of a node that joins by a snapshot, until it has one. */
export function restoringApplication(parts: RestoringParts): RestoringApplication {
  const { network, signer, folder, onEvent, freeBytes = () => freeBytesOf(folder) } = parts;
  let restore: (SnapshotRestore & Offered) | undefined;
  let restored: (Offered & { readonly protocol: number }) | undefined;
  const abandon = async (): Promise<void> => {
    const abandoned = restore;
    restore = undefined;
    await abandoned?.abandon();
  };
  const refuse = (reason: string): void => onEvent({ kind: "refused", reason });
  const { promise: closed, resolve: close } = Promise.withResolvers<Record<string, never>>();
  const handOver = (): Promise<Record<string, never>> => {
    parts.onHandOver();
    return closed;
  };
  const application: AbciApplication = {
    info: async () => ({
      data: "cityroot",
      version: network.id,
      appVersion: BigInt(restored?.protocol ?? PROTOCOL_VERSION),
      lastBlockHeight: BigInt(restored?.consensusHeight ?? 0),
      ...(restored !== undefined && { lastBlockAppHash: appHashOf(restored.manifest) }),
    }),
    offerSnapshot: async (offer) => {
      await abandon();
      const read = await readOffer(offer, freeBytes);
      if ("reason" in read) {
        refuse(read.reason);
        return { result: read.result };
      }
      const { manifest } = read;
      const consensusHeight = Number(offer.snapshot!.height);
      restore = {
        manifest,
        consensusHeight,
        ...restoreSnapshot({ manifest, consensusHeight, folder, signer }),
      };
      onEvent({ kind: "accepted", height: manifest.height, chunks: manifest.chunkDigests.length });
      return { result: OFFER.accept };
    },
    applySnapshotChunk: async ({ index, chunk, sender }) => {
      assert(restore !== undefined, "a chunk comes after the snapshot that was accepted");
      // One that was fetched again after its sender was refused, though it had been taken before.
      if (index < restore.nextChunk()) return { result: CHUNK.accept };
      const rows = await unpackChunk(chunk);
      if (index !== restore.nextChunk() || rows === undefined || !restore.isNext(rows)) {
        refuse(`chunk ${index} from the peer ${sender} is not the one that the snapshot names`);
        return { result: CHUNK.retry, refetchChunks: [index], rejectSenders: [sender] };
      }
      try {
        await restore.take(rows);
        onEvent({ kind: "chunk", index });
        if (restore.nextChunk() === restore.manifest.chunkDigests.length) {
          const { manifest, consensusHeight } = restore;
          const { protocol } = await restore.finish((view) => readConsensusState(view, manifest.height + 1));
          parts.onRestored();
          restored = { manifest, consensusHeight, protocol };
          restore = undefined;
        }
      } catch (cause) {
        if (!(cause instanceof SnapshotRefusedError)) throw cause;
        // Its rows are those that it names, so that no other sender has better ones.
        refuse(cause.message);
        await abandon();
        return { result: CHUNK.rejectSnapshot, rejectSenders: [sender] };
      }
      return { result: CHUNK.accept };
    },
    listSnapshots: async () => ({ snapshots: [] }),
    loadSnapshotChunk: async () => ({}),
    query: async () => ({ code: 1, log: "the node takes a snapshot and knows nothing yet" }),
    initChain: async () => {
      throw new Error("a node that takes a snapshot does not begin with the first block");
    },
    checkTx: handOver,
    prepareProposal: handOver,
    processProposal: handOver,
    finalizeBlock: handOver,
    commit: handOver,
  };
  return {
    application,
    close: async () => {
      close({});
      await abandon();
    },
  };
}

/** The manifest of an offer that is of the trusted state; else what ABCI answers to it, and why. */
async function readOffer(
  { snapshot, appHash }: RequestOf<"offerSnapshot">,
  freeBytes: () => Promise<number>,
): Promise<{ readonly manifest: SnapshotManifest } | { readonly result: number; readonly reason: string }> {
  const reason = "a snapshot was offered that is not of the state which the network decided on";
  if (snapshot === undefined) return { result: OFFER.reject, reason };
  if (snapshot.format !== SNAPSHOT_FORMAT) return { result: OFFER.rejectFormat, reason };
  const manifest = decodeManifest(snapshot.metadata);
  const isOwn =
    manifest !== undefined &&
    equalBytes(snapshotHash(snapshot.metadata), snapshot.hash) &&
    manifest.chunkDigests.length === snapshot.chunks;
  // The app hash comes from headers that the validators signed: whoever offers another state for it lies, or fell away.
  if (!isOwn || !equalBytes(appHashOf(manifest), appHash)) return { result: OFFER.rejectSender, reason };
  // Only its head is known to be true: how long it is, its sender says.
  const left = await freeBytes();
  if (manifest.streamBytes <= left) return { manifest };
  return {
    result: OFFER.reject,
    reason: `a snapshot was offered of ${manifest.streamBytes} bytes, and the disk has ${left} left`,
  };
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(folder));
  return bavail * bsize;
}

/** The rows of a chunk as it was sent; undefined where it is no such thing, or would be longer than any chunk. */
async function unpackChunk(chunk: Uint8Array): Promise<Buffer | undefined> {
  return decompress(chunk, { maxOutputLength: CHUNK_BYTES }).catch(() => undefined);
}
