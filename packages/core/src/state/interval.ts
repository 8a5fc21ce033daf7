import { type Code, isCode } from "@cityroot/codes/ma/code";
import type { CborValue } from "../cbor.ts";
import { BATCH_ITEMS_MAX, RANGE_COUNT_MAX } from "../limits.ts";
import { decodeVersioned, ENTRY_TYPES, encodeVersioned, isCount, type Moment } from "./entry.ts";
import { codeKey, type StateKey } from "./key.ts";
import { type Description, decodeRecord, isRecord } from "./record.ts";

/**
 * Many serials issued by one operation: `count` codes whose last node's last `digits` digits count up from the first
 * code's. Spec §6.6: `[7, 1, since, peaks, digits, count, class, attributes, links, commitments]`.
 */
export type Range = Description & {
  readonly type: "range";
  /** The first code; it is the entry's key. */
  readonly first: Code;
  /** The last code. */
  readonly last: Code;
  /** How many digits at the end of the last node count up: 1 to 15. */
  readonly digits: number;
  readonly count: number;
  readonly since: Moment;
};

/**
 * Many codes issued by one operation as a Merkle root over item records, sorted by code. Spec §6.7:
 * `[8, 1, since, peaks, last, count, root, payload digest, payload bytes, class, attributes, links, commitments]`.
 */
export type Batch = Description & {
  readonly type: "batch";
  readonly first: Code;
  readonly last: Code;
  readonly count: number;
  /** RFC 6962 root over the items. */
  readonly root: Uint8Array;
  /** SHA-256 of the payload that holds the items, and its length in bytes. */
  readonly payload: { readonly digest: Uint8Array; readonly sizeBytes: number };
  readonly since: Moment;
};

/** An entry that stands for many codes, from its first to its last. */
export type Interval = Range | Batch;

const NO_PEAKS = new Uint8Array(0);

/** Canonical bytes of an interval's entry. */
export function encodeInterval(interval: Interval): Uint8Array {
  const version = { version: 1, since: interval.since, peaks: NO_PEAKS };
  const description = [interval.class, interval.attributes, interval.links, interval.commitments];
  if (interval.type === "range") {
    return encodeVersioned(ENTRY_TYPES.range, version, [interval.digits, interval.count, ...description]);
  }
  const { digest, sizeBytes } = interval.payload;
  const own = [interval.last, interval.count, interval.root, digest, sizeBytes];
  return encodeVersioned(ENTRY_TYPES.batch, version, [...own, ...description]);
}

/**
 * The interval of an entry's bytes under its first code; undefined when the entry is none. The entry is the interval's
 * own, or the record of its first code, which carries it.
 */
export function decodeInterval(first: Code, bytes: Uint8Array): Interval | undefined {
  if (!isRecord(bytes)) return decodeOwnEntry(first, bytes);
  const carried = decodeRecord(bytes)?.interval;
  return carried === undefined ? undefined : decodeOwnEntry(first, carried);
}

function decodeOwnEntry(first: Code, bytes: Uint8Array): Interval | undefined {
  const entry = decodeVersioned(bytes);
  if (entry === undefined || entry.version.version !== 1) return undefined;
  const { since } = entry.version;
  if (entry.type === ENTRY_TYPES.range && entry.body.length === 6) {
    const [digits, count] = entry.body;
    const description = descriptionOf(entry.body.slice(2));
    if (!isCount(digits) || !isCount(count) || description === undefined) return undefined;
    const last = serialAfter(first, digits, count - 1);
    if (last === undefined) return undefined;
    return { type: "range", first, last, digits, count, since, ...description };
  }
  if (entry.type === ENTRY_TYPES.batch && entry.body.length === 9) {
    const [lastText, count, root, digest, sizeBytes] = entry.body;
    const description = descriptionOf(entry.body.slice(5));
    if (typeof lastText !== "string" || !isCount(count) || !isCount(sizeBytes)) return undefined;
    if (!isDigest(root) || !isDigest(digest) || description === undefined) return undefined;
    if (count < 1 || count > BATCH_ITEMS_MAX) return undefined;
    if (!isCode(lastText)) return undefined;
    return {
      type: "batch",
      first,
      last: lastText,
      count,
      root,
      payload: { digest, sizeBytes },
      since,
      ...description,
    };
  }
  return undefined;
}

function isDigest(value: CborValue | undefined): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32;
}

function descriptionOf(body: readonly CborValue[]): Description | undefined {
  const [class_, attributes, links, commitments] = body;
  if (typeof class_ !== "string") return undefined;
  if (!Array.isArray(attributes) || !Array.isArray(links) || !Array.isArray(commitments)) return undefined;
  return { class: class_, attributes, links, commitments };
}

/** Most digits that a range may count in: all their values stay below 2^53. */
export const RANGE_DIGITS_MAX = 15;

/** The serial in a code's last `digits` digits; undefined where its last node does not end in that many digits. */
export function serialOf(code: string, digits: number): number | undefined {
  if (digits < 1 || digits > RANGE_DIGITS_MAX || digits >= code.length) return undefined;
  let serial = 0;
  for (let at = code.length - digits; at < code.length; at++) {
    const unit = code.charCodeAt(at);
    if (unit < 48 || unit > 57) return undefined;
    serial = serial * 10 + (unit - 48);
  }
  return serial;
}

/** The code whose serial is `step` higher; undefined where it no longer fits in `digits` digits. */
export function serialAfter(code: Code, digits: number, step: number): Code | undefined {
  const serial = serialOf(code, digits);
  if (serial === undefined || step < 0 || step >= RANGE_COUNT_MAX) return undefined;
  const text = String(serial + step);
  if (text.length > digits) return undefined;
  return (code.slice(0, code.length - digits) + text.padStart(digits, "0")) as Code;
}

/** Whether a code's tree key lies from the interval's first to its last. */
export function spans(interval: Interval, key: StateKey): boolean {
  return key >= codeKey(interval.first) && key <= codeKey(interval.last);
}

/** Whether a code is one of a range's: the same text but for the serial, and the serial within it. */
export function isInRange(range: Range, code: Code): boolean {
  const stem = range.first.length - range.digits;
  if (code.length !== range.first.length || !code.startsWith(range.first.slice(0, stem))) return false;
  const serial = serialOf(code, range.digits);
  const first = serialOf(range.first, range.digits);
  return serial !== undefined && first !== undefined && serial >= first && serial - first < range.count;
}
