import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";

/** A block in which something came to hold: its height and its time in milliseconds since 1970-01-01 UTC. */
export type Moment = { readonly height: number; readonly timeMs: number };

/** What an entry holds, as the first element of its CBOR array. Numbers are consensus. Spec §5.3. */
export const ENTRY_TYPES = {
  network: 1,
  holder: 2,
  prefix: 3,
  rules: 4,
  tally: 5,
  record: 6,
  range: 7,
  batch: 8,
  replay: 9,
  validators: 10,
  parameters: 11,
  misbehaviour: 12,
  system: 13,
  alias: 14,
  aliased: 15,
} as const;

/**
 * What every versioned entry carries before its own fields. Spec §5.4: `[type, version, [height, timeMs], peaks, ...]`.
 * `peaks` are the peaks of the RFC 6962 tree over the entry's earlier versions, largest first, 32 bytes each, joined:
 * as many as `version - 1` has set bits. So one proof of the entry shows what held at any earlier moment.
 */
export type Version = {
  /** 1 for the first. */
  readonly version: number;
  /** Since when this version holds. */
  readonly since: Moment;
  /** Peaks over the earlier versions, as defined above. */
  readonly peaks: Uint8Array;
};

/** Bytes of a versioned entry. */
export function encodeVersioned(type: number, version: Version, body: readonly CborValue[]): Uint8Array {
  const { since } = version;
  return encodeCbor([type, version.version, [since.height, since.timeMs], version.peaks, ...body]);
}

/** A versioned entry taken apart: its type, its version and the fields of its own; undefined when it is none. */
export function decodeVersioned(
  bytes: Uint8Array,
): { readonly type: number; readonly version: Version; readonly body: readonly CborValue[] } | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length < 4) return undefined;
  const [type, version, since, peaks, ...body] = value as CborValue[];
  if (!isCount(type) || !isCount(version) || version < 1 || !(peaks instanceof Uint8Array)) return undefined;
  const moment = momentOf(since);
  if (moment === undefined || peaks.length !== 32 * countBits(version - 1)) return undefined;
  return { type, version: { version, since: moment, peaks }, body };
}

/** A moment of its CBOR form `[height, timeMs]`. */
export function momentOf(value: CborValue | undefined): Moment | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [height, timeMs] = value as CborValue[];
  return isCount(height) && isCount(timeMs) ? { height, timeMs } : undefined;
}

/** Whether a value is a whole number from 0 to 2^53-1. */
export function isCount(value: CborValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** How many bits of a whole number up to 2^53-1 are set. */
export function countBits(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}

/**
 * The element at a place of an entry's array, decoded alone: what stands before it is stepped over. For bytes that are
 * an entry of the state, and so well-formed; undefined when there is no such element.
 */
export function elementOf(bytes: Uint8Array, place: number): CborValue | undefined {
  let at = 1;
  for (let index = 0; index < place; index++) at = endOf(bytes, at);
  return at < bytes.length ? decodeCbor(bytes.subarray(at, endOf(bytes, at))) : undefined;
}

/** Index after the value that begins at an index. */
function endOf(bytes: Uint8Array, from: number): number {
  const head = bytes[from] ?? 0;
  const info = head & 31;
  let at = from + 1;
  let length = info;
  if (info >= 24 && info <= 27) {
    const width = 2 ** (info - 24);
    length = 0;
    for (let index = 0; index < width; index++) length = length * 256 + (bytes[at + index] ?? 0);
    at += width;
  }
  const major = head >> 5;
  if (major === 2 || major === 3) return at + length;
  if (major !== 4) return at;
  for (let index = 0; index < length && at < bytes.length; index++) at = endOf(bytes, at);
  return at;
}
