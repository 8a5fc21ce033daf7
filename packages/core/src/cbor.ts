import { assert } from "./assert.ts";
import { copyBytes } from "./bytes.ts";
import { CBOR_DEPTH_MAX } from "./limits.ts";
import { decodeText } from "./text-decoder.ts";

/**
 * A value of the protocol's CBOR: RFC 8949 §4.2 deterministic encoding, without maps, tags and floats.
 * Structures are arrays with fixed places, so that one meaning has one encoding. Spec §3.
 */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[];

/** Major types, RFC 8949 §3.1, in the upper three bits of a head. */
const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
/** Heads of the simple values that have a place in the protocol. RFC 8949 §3.3. */
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

const TWO_TO_32 = 0x1_0000_0000;

let scratch = new Uint8Array(65_536);

/** Canonical bytes of a value. Throws only for values outside {@link CborValue}, which is a mistake of ours. */
export function encodeCbor(value: CborValue): Uint8Array {
  const end = write(0, value);
  return copyBytes(scratch, 0, end);
}

/** Makes room for so many bytes more. */
function reserve(at: number, bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = new Uint8Array(Math.max(2 * scratch.length, at + bytes));
  larger.set(scratch);
  scratch = larger;
}

function headSize(length: number): number {
  if (length < 24) return 1;
  if (length < 0x100) return 2;
  if (length < 0x1_0000) return 3;
  return length < TWO_TO_32 ? 5 : 9;
}

/** Longest head, in bytes. */
const HEAD_BYTES_MAX = 9;

/** Writes a value and gives the index after it. */
function write(at: number, value: CborValue): number {
  reserve(at, HEAD_BYTES_MAX);
  if (typeof value === "number") {
    assert(Number.isSafeInteger(value), "a number of the protocol is whole and exact");
    return value < 0 ? writeHead(at, NEGATIVE, -1 - value) : writeHead(at, UNSIGNED, value);
  }
  if (typeof value === "string") return writeText(at, value);
  if (value instanceof Uint8Array) {
    const from = writeHead(at, BYTES, value.length);
    reserve(from, value.length);
    scratch.set(value, from);
    return from + value.length;
  }
  if (Array.isArray(value)) {
    let end = writeHead(at, ARRAY, value.length);
    for (let index = 0; index < value.length; index++) end = write(end, value[index]);
    return end;
  }
  assert(typeof value === "boolean" || value === null, "a value of the protocol's CBOR");
  scratch[at] = value === null ? NULL : value ? TRUE : FALSE;
  return at + 1;
}

function writeHead(at: number, major: number, length: number): number {
  const size = headSize(length);
  if (size === 1) {
    scratch[at] = major * 32 + length;
    return at + 1;
  }
  scratch[at] = major * 32 + (size === 2 ? 24 : size === 3 ? 25 : size === 5 ? 26 : 27);
  // Lengths go beyond 32 bits, so that this is arithmetic, never a shift.
  let rest = length;
  for (let index = at + size - 1; index > at; index--) {
    scratch[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return at + size;
}

function utf8Size(text: string): number {
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) size += 1;
    else if (unit < 0x800) size += 2;
    else if (isHighSurrogate(unit)) {
      size += 4;
      at += 1;
    } else size += 3;
  }
  return size;
}

function writeText(from: number, text: string): number {
  // Most texts are ASCII, which takes as many bytes as it has characters: then one pass is enough.
  const begun = writeHead(from, TEXT, text.length);
  reserve(begun, text.length);
  let ascii = 0;
  for (; ascii < text.length; ascii++) {
    const unit = text.charCodeAt(ascii);
    if (unit >= 0x80) break;
    scratch[begun + ascii] = unit;
  }
  if (ascii === text.length) return begun + ascii;
  const size = utf8Size(text);
  let end = writeHead(from, TEXT, size);
  reserve(end, size);
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at)!;
    if (point < 0x80) {
      scratch[end++] = point;
      continue;
    }
    assert(point < 0xd800 || point > 0xdfff, "a text has no half of a surrogate pair");
    if (point < 0x800) {
      scratch[end++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x1_0000) {
        scratch[end++] = 0xe0 | (point >> 12);
      } else {
        scratch[end++] = 0xf0 | (point >> 18);
        scratch[end++] = 0x80 | ((point >> 12) & 0x3f);
        at += 1;
      }
      scratch[end++] = 0x80 | ((point >> 6) & 0x3f);
    }
    scratch[end++] = 0x80 | (point & 0x3f);
  }
  return end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Where a decoder stands. */
type Reader = { readonly bytes: Uint8Array; at: number };

/**
 * Decodes strictly: one value, shortest forms only, no trailing bytes, no maps, tags, floats, no text that is not
 * UTF-8, no integers beyond 2^53-1, and no deeper than {@link CBOR_DEPTH_MAX}. Undefined for anything else. So
 * whatever it accepts, {@link encodeCbor} makes the same bytes of. Byte strings are copies.
 */
export function decodeCbor(bytes: Uint8Array): CborValue | undefined {
  const reader = { bytes, at: 0 };
  const value = read(reader, 1);
  return reader.at === bytes.length ? value : undefined;
}

/**
 * The first elements of a list of so many, decoded as strictly, without a look at those after them: they may be anything.
 * Undefined for what does not begin so.
 */
export function decodeListStart(
  bytes: Uint8Array,
  length: number,
  count: number,
): readonly CborValue[] | undefined {
  const reader = { bytes, at: 1 };
  const head = bytes[0];
  if (head === undefined || head >> 5 !== ARRAY || readLength(reader, head & 31) !== length) return undefined;
  const elements: CborValue[] = [];
  while (elements.length < count) {
    const element = read(reader, 2);
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return elements;
}

function read(reader: Reader, depth: number): CborValue | undefined {
  const { bytes } = reader;
  if (reader.at >= bytes.length) return undefined;
  const head = bytes[reader.at]!;
  reader.at += 1;
  if (head === FALSE) return false;
  if (head === TRUE) return true;
  if (head === NULL) return null;
  const major = head >> 5;
  if (major > ARRAY) return undefined;
  const length = readLength(reader, head & 31);
  if (length === undefined) return undefined;
  if (major === UNSIGNED) return length;
  if (major === NEGATIVE) return length === Number.MAX_SAFE_INTEGER ? undefined : -1 - length;
  // Every element takes at least a byte, so that no length makes anything larger than what came.
  if (length > bytes.length - reader.at) return undefined;
  if (major === ARRAY) return depth > CBOR_DEPTH_MAX ? undefined : readArray(reader, depth, length);
  const from = reader.at;
  reader.at += length;
  return major === BYTES ? copyBytes(bytes, from, reader.at) : decodeText(bytes, from, reader.at);
}

/** Longest list whose room is taken before its elements are read. */
const LIST_AT_ONCE_MAX = 64;

function readArray(reader: Reader, depth: number, length: number): CborValue | undefined {
  // A list that grows takes room for more than it gets; one that claims much gets none before its elements are there.
  const elements: CborValue[] = length <= LIST_AT_ONCE_MAX ? new Array<CborValue>(length) : [];
  for (let index = 0; index < length; index++) {
    const element = read(reader, depth + 1);
    if (element === undefined) return undefined;
    elements[index] = element;
  }
  return elements;
}

/** The number that follows a head; undefined for a longer form than it needs, and beyond 2^53-1. */
function readLength(reader: Reader, info: number): number | undefined {
  if (info < 24) return info;
  if (info > 27) return undefined;
  const { bytes, at } = reader;
  const width = 2 ** (info - 24);
  if (width > bytes.length - at) return undefined;
  let length = 0;
  for (let index = 0; index < width; index++) length = length * 256 + bytes[at + index]!;
  if (length > Number.MAX_SAFE_INTEGER || headSize(length) !== width + 1) return undefined;
  reader.at += width;
  return length;
}
