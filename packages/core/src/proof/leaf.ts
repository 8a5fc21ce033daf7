import { sha256 } from "../hash.ts";
import type { StateKey } from "../state/key.ts";

/**
 * Length in bytes of what stands before a leaf's key and value when it is hashed: 64 zero bytes and two bytes for the
 * key's length. An inner node hashes exactly 64 bytes and a leaf always more, so that neither can pass for the other.
 * Spec §5.8.
 */
export const LEAF_HEAD_BYTES = 66;

let scratch = new Uint8Array(4096);

/** Hash of a leaf of the state tree: SHA-256 of 64 zero bytes, the key's length, the key and the value. Spec §5.8. */
export function stateLeafHash(key: StateKey, value: Uint8Array): Uint8Array {
  const length = LEAF_HEAD_BYTES + key.length + value.length;
  if (scratch.length < length) scratch = new Uint8Array(2 * length);
  scratch[64] = key.length >> 8;
  scratch[65] = key.length & 255;
  for (let at = 0; at < key.length; at++) scratch[LEAF_HEAD_BYTES + at] = key.charCodeAt(at);
  scratch.set(value, LEAF_HEAD_BYTES + key.length);
  return sha256(scratch.subarray(0, length));
}
