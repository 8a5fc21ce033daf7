import { isCode } from "@cityroot/codes/ma/code";
import { assert } from "@cityroot/core/assert";
import { ATTRIBUTES } from "@cityroot/core/attribute/attribute";
import type { AttributeType } from "@cityroot/core/attribute/attribute-type";
import { isMediaType } from "@cityroot/core/attribute/media-type";
import { DIGEST_BYTES } from "@cityroot/core/limits";
import {
  endOfText,
  listLength,
  PAIR,
  scanLegacy,
  scanTexts,
  scanToken,
  scanWhole,
  TEXT,
  UNSURE,
} from "./text-scanner.ts";

// Reads the items that almost all batches are made of where they lie, without making a value of them. What it accepts,
// `decodeItem` accepts; what it does not, it leaves to `decodeItem`, which alone refuses. So every reader here gives
// the index after what it read, or UNSURE.

const ITEM = 0x83;
const EMPTY_LIST = 0x80;

const NAMES = Object.keys(ATTRIBUTES).map((name) => Uint8Array.from(Buffer.from(name, "latin1")));
const TYPES: readonly AttributeType[] = Object.values(ATTRIBUTES);
/** The first name that begins with a letter. */
const FIRST_NAMES = new Uint8Array(256).fill(NAMES.length);
for (const [index, name] of [...NAMES.entries()].reverse()) FIRST_NAMES[name[0]!] = index;

assert(
  NAMES.every((name, at) => name.length < 24 && (at === 0 || Buffer.compare(NAMES[at - 1]!, name) < 0)),
  "attributes are listed in order of name, and names are short",
);

/**
 * Reads an item in canonical CBOR. Gives the index after its code, which begins at {@link startOfText} of the second
 * byte and is itself not checked; or {@link UNSURE}. Bytes around the item are read, never relied on.
 */
export function scanItem(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== ITEM) return UNSURE;
  const codeEnd = endOfText(bytes, from + 1);
  if (codeEnd === UNSURE) return UNSURE;
  const links = scanAttributes(bytes, codeEnd);
  return links === to - 1 && bytes[links] === EMPTY_LIST ? codeEnd : UNSURE;
}

function scanAttributes(bytes: Uint8Array, from: number): number {
  const count = listLength(bytes, from);
  let at = from + 1;
  let name = -1;
  for (let index = 0; index < count; index++) {
    if (bytes[at] !== PAIR) return UNSURE;
    // Names ascend, so the search goes on from the last one.
    name = findName(bytes, at + 1, name + 1);
    if (name === UNSURE) return UNSURE;
    at = scanValue(TYPES[name]!, bytes, at + 2 + NAMES[name]!.length);
    if (at === UNSURE) return UNSURE;
  }
  return count === UNSURE ? UNSURE : at;
}

/** Which attribute's name stands at `at`, among those from `first` on. */
function findName(bytes: Uint8Array, at: number, first: number): number {
  const length = bytes[at]! - TEXT;
  const initial = bytes[at + 1]!;
  for (let index = FIRST_NAMES[initial]!; index < NAMES.length; index++) {
    const name = NAMES[index]!;
    if (name[0] !== initial) return UNSURE;
    if (name.length !== length || index < first) continue;
    let same = 1;
    while (same < length && name[same] === bytes[at + 1 + same]) same++;
    if (same === length) return index;
  }
  return UNSURE;
}

function scanValue(type: AttributeType, bytes: Uint8Array, at: number): number {
  switch (type.kind) {
    case "text":
      return scanTexts(bytes, at);
    case "place":
      return scanPoint(bytes, at);
    case "token":
      return scanToken(bytes, at);
    case "integer":
      return scanInteger(bytes, at, type.min, type.max);
    case "year":
      return scanInteger(bytes, at, 1, 9_999);
    case "legacy":
      return scanLegacy(bytes, at);
    case "digest":
      return bytes[at] === 0x58 && bytes[at + 1] === DIGEST_BYTES ? at + 2 + DIGEST_BYTES : UNSURE;
    case "code":
      return scanWhole(bytes, at, isCode);
    case "media-type":
      return scanWhole(bytes, at, isMediaType);
    default:
      return UNSURE;
  }
}

function scanPoint(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== PAIR) return UNSURE;
  const latitudeEnd = scanInteger(bytes, at + 1, -900_000_000, 900_000_000);
  return latitudeEnd === UNSURE ? UNSURE : scanInteger(bytes, latitudeEnd, -1_799_999_999, 1_800_000_000);
}

/** A whole number of up to four bytes, in its shortest form. */
function scanInteger(bytes: Uint8Array, at: number, min: number, max: number): number {
  const head = bytes[at]!;
  const info = head & 31;
  if (head >= 0x40) return UNSURE;
  let value = info;
  let end = at + 1;
  if (info === 26) {
    value = bytes[at + 1]! * 0x100_0000 + ((bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!);
    end = at + 5;
    if (value < 0x1_0000) return UNSURE;
  } else if (info === 25) {
    value = (bytes[at + 1]! << 8) | bytes[at + 2]!;
    end = at + 3;
    if (value < 0x100) return UNSURE;
  } else if (info === 24) {
    value = bytes[at + 1]!;
    end = at + 2;
    if (value < 24) return UNSURE;
  } else if (info > 26) {
    return UNSURE;
  }
  if (head >= 0x20) value = -1 - value;
  return value >= min && value <= max ? end : UNSURE;
}
