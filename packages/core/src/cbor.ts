import { type DecodeOptions, decode, encode } from "cborg";
import { CBOR_DEPTH_MAX } from "./limits.ts";

/**
 * A value of the protocol's CBOR: RFC 8949 §4.2 deterministic encoding, without maps, tags and floats.
 * Structures are arrays with fixed places, so that one meaning has one encoding. Spec §3.
 */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[];

const STRICT: DecodeOptions = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
};

/** Canonical bytes of a value. Throws only for values outside {@link CborValue}, which is a mistake of ours. */
export function encodeCbor(value: CborValue): Uint8Array {
  return encode(value);
}

/**
 * Decodes strictly: one value, shortest forms only, no trailing bytes, no maps, tags, floats, or integers
 * beyond 2^53-1, and no deeper than {@link CBOR_DEPTH_MAX}. Undefined for anything else.
 */
export function decodeCbor(bytes: Uint8Array): CborValue | undefined {
  if (!isWellFormed(bytes)) return undefined;
  try {
    return decode(bytes, STRICT) as CborValue;
  } catch {
    return undefined;
  }
}

/**
 * Bounds the structure before anything is built from it: the walk below allocates nothing, so that a small
 * message cannot ask for a deep or large one. Lengths are checked against what is left of the bytes.
 */
function isWellFormed(bytes: Uint8Array): boolean {
  const remaining: number[] = [1];
  let at = 0;
  while (remaining.length > 0) {
    const top = remaining.length - 1;
    if (remaining[top] === 0) {
      remaining.pop();
      continue;
    }
    remaining[top]! -= 1;
    if (at >= bytes.length) return false;
    const head = bytes[at]!;
    const major = head >> 5;
    const info = head & 31;
    at += 1;
    if (major === 7) {
      // false, true, null; floats and undefined have no place in the protocol.
      if (info < 20 || info > 22) return false;
      continue;
    }
    if (major === 5 || major === 6 || info > 27) return false;
    let length = info;
    if (info >= 24) {
      const width = 1 << (info - 24);
      if (at + width > bytes.length) return false;
      length = 0;
      for (let i = 0; i < width; i++) length = length * 256 + bytes[at + i]!;
      if (length > Number.MAX_SAFE_INTEGER) return false;
      at += width;
    }
    if (major <= 1) continue;
    // Every element takes at least a byte, so a length beyond what is left is refused without looking further.
    if (length > bytes.length - at) return false;
    if (major === 4) {
      if (remaining.length >= CBOR_DEPTH_MAX) return false;
      remaining.push(length);
    } else {
      at += length;
    }
  }
  return at === bytes.length;
}
