import type { Readable } from "node:stream";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import type { ItemProof } from "@cityroot/core/operation/standing";
import { accept, type Outcome, reject } from "@cityroot/core/outcome";
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

/** The bytes of a payload, and how many they are. */
export type PayloadBytes = { readonly sizeBytes: number; readonly bytes: Readable };

/** What a check of a stored payload found. */
export type PayloadVerdict =
  | { readonly kind: "whole"; readonly payload: StoredPayload }
  | { readonly kind: "missing" }
  | { readonly kind: "damaged"; readonly detail: string };

/** A payload that cannot be what was stored under its digest, and what was seen of that. */
export type PayloadDamage = { readonly digest: Uint8Array; readonly detail: string };

/**
 * Keeps the items of batches by the digest of their bytes. An item stream is each item's CBOR with a four-byte
 * big-endian length before it, in order of code. Spec §6.8.
 */
export type PayloadStore = {
  /**
   * Reads, checks and stores a stream of items. Every item is decoded strictly; order, common parent and limits are
   * checked. Nothing is kept of a stream that is refused or cut off. Durable when it answers; repeating is harmless.
   * With `expected` it takes that payload and no other: PAYLOAD_MISMATCH names the first field that differs. Throws a
   * `NoRoomError` where the disk has too little left.
   */
  readonly put: (items: Readable, expected?: StoredPayload) => Promise<Outcome<StoredPayload>>;
  /** The bytes of a payload, or undefined where it is not held. They are not checked on the way out. */
  readonly read: (digest: Uint8Array) => Promise<PayloadBytes | undefined>;
  /** What the payload of a digest is, or undefined where it is not held or is damaged. Reads no item. */
  readonly find: (digest: Uint8Array) => StoredPayload | undefined;
  /** The item of a code, or the items on both sides of where it would be; empty where they are not on this machine. */
  readonly itemsOf: (batch: Interval & { type: "batch" }, code: Code) => readonly ItemProof[];
  /**
   * Brings items to this machine that are held elsewhere, so that `itemsOf` finds them. Says whether it did anything:
   * false where they are here already, and where the payload is not held.
   */
  readonly bring: (digest: Uint8Array) => Promise<boolean>;
  /**
   * Reads all of a payload where it is kept and checks every item, the root and the digest. Where payloads live in a
   * bucket, one that is not whole there is sent from this machine if it has a whole copy.
   */
  readonly verifyPayload: (digest: Uint8Array) => Promise<PayloadVerdict>;
  /**
   * Takes away a payload that came before a moment, in milliseconds since 1970-01-01 UTC, and says whether it did. From a
   * bucket nothing is taken away.
   */
  readonly forget: (digest: Uint8Array, beforeMs: number) => Promise<boolean>;
  /** Digests of the payloads that are held, in order, read while they are asked for. */
  readonly digests: () => Iterable<Uint8Array>;
  /** Closes what is open for reading. */
  readonly close: () => void;
};

/** Whether a payload is the one that is expected. Refusal: PAYLOAD_MISMATCH with the first field that differs. */
export function checkExpected(stored: StoredPayload, expected: StoredPayload): Outcome<StoredPayload> {
  const fields: readonly (readonly [field: string, expected: string, got: string])[] = [
    ["digest", bytesToHex(expected.digest), bytesToHex(stored.digest)],
    ["sizeBytes", `${expected.sizeBytes}`, `${stored.sizeBytes}`],
    ["count", `${expected.count}`, `${stored.count}`],
    ["root", bytesToHex(expected.root), bytesToHex(stored.root)],
    ["first", expected.first, stored.first],
    ["last", expected.last, stored.last],
  ];
  const differing = fields.find(([, wanted, got]) => wanted !== got);
  if (differing === undefined) return accept(stored);
  const [field, wanted, got] = differing;
  return reject("PAYLOAD_MISMATCH", `${field}: expected ${wanted}, got ${got}`, {
    field,
    expected: wanted,
    got,
  });
}
