import { sha256 as pureSha256 } from "@noble/hashes/sha2.js";
import { assert } from "./assert.ts";
import { equalBytes } from "./hex.ts";

/** Length of a SHA-256 digest, in bytes. FIPS 180-4 §1. */
export const HASH_BYTES = 32;

/**
 * SHA-256 of some bytes: a new array of {@link HASH_BYTES}. It neither changes nor keeps `data`, since callers
 * hash from arrays that they use again. FIPS 180-4 §6.2.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** What {@link useSha256} takes. `hashPair` is optional: SHA-256 of two digests, 64 bytes, in one call. */
export type Sha256Implementation = {
  readonly sha256: Sha256;
  readonly hashPair?: (left: Uint8Array, right: Uint8Array) => Uint8Array;
};

/** The implementation in plain JavaScript: in use until another is installed, and right everywhere. */
export const PURE_SHA256: Sha256Implementation = { sha256: pureSha256 };

let implementation: Sha256Implementation = PURE_SHA256;
const pair = new Uint8Array(2 * HASH_BYTES);

/** SHA-256 of `data`, of any length: a new array of {@link HASH_BYTES}. FIPS 180-4 §6.2. */
export function sha256(data: Uint8Array): Uint8Array {
  return implementation.sha256(data);
}

/**
 * SHA-256 of two digests, `left` before `right`, each of {@link HASH_BYTES}. Without a prefix byte: a caller that
 * needs domain separation has it elsewhere. FIPS 180-4 §6.2.
 */
export function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (implementation.hashPair !== undefined) return implementation.hashPair(left, right);
  pair.set(left, 0);
  pair.set(right, HASH_BYTES);
  return implementation.sha256(pair);
}

/**
 * Installs another SHA-256 for the whole process; a node does so once, at its start, with a native one. It must be
 * bit-identical to {@link PURE_SHA256}: every root and every identifier rests on it. Two digests are compared here
 * and a difference throws, which guards against a mistake in wiring and not against a subtle fault.
 */
export function useSha256(impl: Sha256Implementation): void {
  const left = pureSha256(new Uint8Array(0));
  const right = pureSha256(left);
  const both = new Uint8Array([...left, ...right]);
  const expected = pureSha256(both);
  assert(equalBytes(impl.sha256(both), expected), "the installed SHA-256 differs");
  // Implementations go other ways for long data.
  const long = new Uint8Array(5_000).fill(7);
  assert(equalBytes(impl.sha256(long), pureSha256(long)), "the installed SHA-256 differs");
  const pairwise = impl.hashPair?.(left, right) ?? expected;
  assert(equalBytes(pairwise, expected), "the installed hash of pairs differs");
  implementation = impl;
}
