import { crc32 } from "node:zlib";
import type { Database, Key } from "lmdb";
import { StoreDamagedError } from "./store-damaged-error.ts";

const SUM_BYTES = 4;

/** The value as it is kept: with a sum behind it, which begins at a number of its key. */
export function withSum(bytes: Uint8Array, seed: number): Buffer {
  const value = Buffer.allocUnsafe(bytes.length + SUM_BYTES);
  value.set(bytes);
  value.writeUInt32LE(crc32(bytes, seed), bytes.length);
  return value;
}

/** A value without its sum: a copy, for what the library gave is overwritten by the next read. Undefined if damaged. */
export function wholeValue(kept: Buffer, seed: number): Buffer | undefined {
  const length = kept.length - SUM_BYTES;
  if (length < 0) return undefined;
  const value = Buffer.allocUnsafe(length);
  value.set(kept.subarray(0, length));
  const sum =
    (kept[length]! | (kept[length + 1]! << 8) | (kept[length + 2]! << 16) | (kept[length + 3]! << 24)) >>> 0;
  return crc32(value, seed) === sum ? value : undefined;
}

/** Reads a value of a table and checks its sum; undefined where there is none. */
export function readValue<K extends Key>(
  table: Database<Buffer, K>,
  key: K,
  seed: number,
  what: string,
): Buffer | undefined {
  let kept: Buffer | undefined;
  try {
    kept = table.getBinaryFast(key);
  } catch (cause) {
    throw new StoreDamagedError(`${what} of the store cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (kept === undefined) return undefined;
  const value = wholeValue(kept, seed);
  if (value === undefined) throw new StoreDamagedError(`${what} of the store is damaged: its sum differs`);
  return value;
}
