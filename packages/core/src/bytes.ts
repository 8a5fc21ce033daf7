/** Bytes of one slab. A byte array with memory of its own costs ten times what it takes to fill it. */
const SLAB_BYTES = 16_384;
/** Longest array that is cut from a slab: a longer one that is kept would keep little else alive. */
const CUT_BYTES_MAX = 2_048;

let slab = new Uint8Array(SLAB_BYTES);
let used = 0;

/**
 * A new array of zero bytes. Short ones share the memory behind them, each with a part of its own: so its `buffer`
 * holds what belongs to others and is not to be passed on.
 */
export function newBytes(length: number): Uint8Array {
  if (length > CUT_BYTES_MAX) return new Uint8Array(length);
  if (used + length > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const bytes = slab.subarray(used, used + length);
  used += length;
  return bytes;
}

/** A copy of the bytes from `from` up to `end`. */
export function copyBytes(bytes: Uint8Array, from: number, end: number): Uint8Array {
  const copy = newBytes(end - from);
  copy.set(bytes.subarray(from, end));
  return copy;
}
