import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import { sha256 } from "@cityroot/core/hash";
import { equalBytes } from "@cityroot/core/hex";
import { isCount } from "@cityroot/core/state/entry";

/** The form of a snapshot: a node that does not know another one's takes none of it. */
export const SNAPSHOT_FORMAT = 1;

/** Bytes of the rows in a chunk; the last one may have fewer. A chunk as it is sent is packed, and smaller. */
export const CHUNK_BYTES: number = 8 * 1024 * 1024;
/** Most chunks of a snapshot, which CometBFT's own limit is too: 800 GB of rows. */
export const CHUNKS_MAX = 100_000;

const HASH_BYTES = 32;
/** Least bytes of a row with its length. */
const ROW_BYTES_MIN = 5;

/**
 * What a snapshot says of itself: the head of the ledger that it holds, how many rows of each kind, and the digest of each
 * chunk. The same ledger gives the same manifest on every node.
 */
export type SnapshotManifest = {
  readonly height: number;
  readonly timeMs: number;
  readonly stateRoot: Uint8Array;
  /** The log's size and peaks: `encodeFrontier` of the core. */
  readonly logFrontier: Uint8Array;
  /** Rows of earlier versions, numbered from 1 up. */
  readonly versionCount: number;
  /** Pages of the state, numbered from 0 up. */
  readonly pageCount: number;
  /** Bytes of all rows with their lengths, which are cut into chunks of {@link CHUNK_BYTES}. */
  readonly streamBytes: number;
  /** SHA-256 of each chunk's rows, before they are packed. */
  readonly chunkDigests: readonly Uint8Array[];
};

/** Canonical bytes of a manifest: `[height, timeMs, state root, log, versions, pages, bytes, digests joined]`. */
export function encodeManifest(manifest: SnapshotManifest): Uint8Array {
  const { height, timeMs, stateRoot, logFrontier, versionCount, pageCount, streamBytes } = manifest;
  const digests = Buffer.concat(manifest.chunkDigests);
  return encodeCbor([
    height,
    timeMs,
    stateRoot,
    logFrontier,
    versionCount,
    pageCount,
    streamBytes,
    new Uint8Array(digests),
  ]);
}

/** Reads a manifest, and holds its numbers against one another; undefined for what is none. */
export function decodeManifest(bytes: Uint8Array): SnapshotManifest | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 8) return undefined;
  const [height, timeMs, stateRoot, logFrontier, ...rest] = value as CborValue[];
  const [versionCount, pageCount, streamBytes, digests] = rest;
  if (!isCount(height) || !isCount(timeMs) || !isCount(versionCount) || !isCount(pageCount)) return undefined;
  if (!(stateRoot instanceof Uint8Array) || stateRoot.length !== HASH_BYTES) return undefined;
  if (!(logFrontier instanceof Uint8Array) || !(digests instanceof Uint8Array)) return undefined;
  if (!isCount(streamBytes) || pageCount === 0) return undefined;
  if (ROW_BYTES_MIN * (versionCount + pageCount + height + 1) > streamBytes) return undefined;
  const chunks = Math.ceil(streamBytes / CHUNK_BYTES);
  if (chunks === 0 || chunks > CHUNKS_MAX || digests.length !== chunks * HASH_BYTES) return undefined;
  const chunkDigests = Array.from({ length: chunks }, (_, at) =>
    digests.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
  return { height, timeMs, stateRoot, logFrontier, versionCount, pageCount, streamBytes, chunkDigests };
}

/** Name of a snapshot: SHA-256 of its manifest. */
export function snapshotHash(manifest: Uint8Array): Uint8Array {
  return sha256(manifest);
}

/** Bytes of the rows in a chunk. */
export function chunkBytesOf({ streamBytes }: Pick<SnapshotManifest, "streamBytes">, index: number): number {
  return Math.min(CHUNK_BYTES, streamBytes - index * CHUNK_BYTES);
}

/** Whether the rows of a chunk are those that the manifest names. */
export function isChunk(manifest: SnapshotManifest, index: number, rows: Uint8Array): boolean {
  const digest = manifest.chunkDigests[index];
  return digest !== undefined && equalBytes(sha256(rows), digest);
}
