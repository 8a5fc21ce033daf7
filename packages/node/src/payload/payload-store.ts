import type { Readable } from "node:stream";
import type { Code } from "@cityroot/codes/ma/code";
import type { ItemProof } from "@cityroot/core/operation/standing";
import type { Outcome } from "@cityroot/core/outcome";
import type { Interval } from "@cityroot/core/state/interval";

/** What a stored payload of batch items turned out to be: what an `issue-batch` says of it. */
export type StoredPayload = {
  readonly digest: Uint8Array;
  readonly sizeBytes: number;
  readonly root: Uint8Array;
  readonly count: number;
  readonly first: Code;
  readonly last: Code;
};

/**
 * Keeps the items of batches by the digest of their bytes. An item stream is each item's CBOR with a four-byte
 * big-endian length before it, in order of code. Spec §6.8.
 */
export type PayloadStore = {
  /**
   * Reads, checks and stores a stream of items. Every item is decoded strictly; order, common parent and limits are
   * checked. Nothing is kept of a stream that is refused or cut off. Durable when it answers; repeating is harmless.
   */
  readonly put: (items: Readable) => Promise<Outcome<StoredPayload>>;
  /** The bytes as a stream, or undefined. */
  readonly read: (digest: Uint8Array) => Readable | undefined;
  /** What the payload of a digest is, or undefined where it is not here or is damaged. Reads no item. */
  readonly find: (digest: Uint8Array) => StoredPayload | undefined;
  /** The item of a code, or the items on both sides of where it would be; empty where the payload is not here. */
  readonly itemsOf: (batch: Interval & { type: "batch" }, code: Code) => readonly ItemProof[];
};
