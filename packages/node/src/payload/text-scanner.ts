import { findPersonalNumber } from "@cityroot/core/attribute/personal-number";
import { isForbidden } from "@cityroot/core/attribute/text";
import {
  LANGUAGE_CHARACTERS_MAX,
  LANGUAGES_MAX,
  LEGACY_CHARACTERS_MAX,
  LEGACY_MAX,
  TEXT_BYTES_MAX,
  TOKEN_CHARACTERS_MAX,
} from "@cityroot/core/limits";

// The texts of an item, read where they lie. Every reader gives the index after what it read, or UNSURE.

/** A part of an item that is not surely sound: `decodeItem` decides. */
export const UNSURE = -1;

/** Head of a list of two. */
export const PAIR = 0x82;
const EMPTY_LIST = 0x80;
/** Head of a text of up to 23 bytes is this and the length; above, this and 24, and the length in a byte of its own. */
export const TEXT = 0x60;
const LONG_TEXT = 0x78;
/** A text with fewer digits holds no number of a person, for `findPersonalNumber` wants eleven. */
const DIGITS_ASKED = 11;

/** Whether the units of a token are allowed: `[A-Za-z0-9._:+-]`. */
const IN_TOKEN = new Uint8Array(256);
for (const unit of Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:+-")) {
  IN_TOKEN[unit] = 1;
}

/** Where a text of up to 255 bytes begins whose head is at `at`. */
export function startOfText(bytes: Uint8Array, at: number): number {
  return bytes[at] === LONG_TEXT ? at + 2 : at + 1;
}

/** Where a text of up to 255 bytes ends whose head is at `at`. */
export function endOfText(bytes: Uint8Array, at: number): number {
  const head = bytes[at]!;
  if (head >= TEXT && head < LONG_TEXT) return at + 1 + head - TEXT;
  const length = bytes[at + 1]!;
  return head === LONG_TEXT && length >= 24 ? at + 2 + length : UNSURE;
}

/** Length of a list of up to 23 elements. */
export function listLength(bytes: Uint8Array, at: number): number {
  const length = bytes[at]! - EMPTY_LIST;
  return length >= 0 && length < 24 ? length : UNSURE;
}

/** A token, as in the core's `checkToken`. */
export function scanToken(bytes: Uint8Array, at: number): number {
  const end = endOfText(bytes, at);
  const start = startOfText(bytes, at);
  if (end <= start || end - start > TOKEN_CHARACTERS_MAX) return UNSURE;
  let digits = 0;
  for (let index = start; index < end; index++) {
    const unit = bytes[index]!;
    if (IN_TOKEN[unit] !== 1) return UNSURE;
    if (unit >= 0x30 && unit <= 0x39) digits++;
  }
  return digits < DIGITS_ASKED || isHarmless(bytes, start, end) ? end : UNSURE;
}

/** A text of ASCII that a rule of the core's judges as a whole. */
export function scanWhole(bytes: Uint8Array, at: number, is: (text: string) => boolean): number {
  const end = endOfText(bytes, at);
  if (end === UNSURE) return UNSURE;
  const start = startOfText(bytes, at);
  // A byte that is not ASCII becomes a character that neither rule allows.
  return is(textOf(bytes, start, end, "latin1")) && isHarmless(bytes, start, end) ? end : UNSURE;
}

/** Codes of other systems, as in the core's `checkLegacy`. */
export function scanLegacy(bytes: Uint8Array, from: number): number {
  const count = listLength(bytes, from);
  if (count < 1 || count > LEGACY_MAX) return UNSURE;
  let at = from + 1;
  let before = UNSURE;
  for (let index = 0; index < count; index++) {
    const scheme = at + 1;
    const value = bytes[at] === PAIR ? scanToken(bytes, scheme) : UNSURE;
    const end = value === UNSURE ? UNSURE : scanPrintable(bytes, value);
    if (end === UNSURE) return UNSURE;
    if (before !== UNSURE && compareLegacy(bytes, before, scheme) >= 0) return UNSURE;
    before = scheme;
    at = end;
  }
  return at;
}

/** The value of a legacy code: printable ASCII, no space at either end. */
function scanPrintable(bytes: Uint8Array, at: number): number {
  const end = endOfText(bytes, at);
  const start = startOfText(bytes, at);
  if (end <= start || end - start > LEGACY_CHARACTERS_MAX) return UNSURE;
  let digits = 0;
  for (let index = start; index < end; index++) {
    const unit = bytes[index]!;
    if (unit < 0x20 || unit > 0x7e) return UNSURE;
    if (unit >= 0x30 && unit <= 0x39) digits++;
  }
  if (bytes[start] === 0x20 || bytes[end - 1] === 0x20) return UNSURE;
  return digits < DIGITS_ASKED || isHarmless(bytes, start, end) ? end : UNSURE;
}

/** Order of two legacy codes, each given by where the head of its scheme is. */
function compareLegacy(bytes: Uint8Array, a: number, b: number): number {
  const order = compareTexts(bytes, a, b);
  return order === 0 ? compareTexts(bytes, endOfText(bytes, a), endOfText(bytes, b)) : order;
}

/** Order of two texts of ASCII, each given by where its head is. */
function compareTexts(bytes: Uint8Array, a: number, b: number): number {
  const startA = startOfText(bytes, a);
  const startB = startOfText(bytes, b);
  const lengthA = endOfText(bytes, a) - startA;
  const lengthB = endOfText(bytes, b) - startB;
  for (let index = 0; index < lengthA && index < lengthB; index++) {
    const difference = bytes[startA + index]! - bytes[startB + index]!;
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

/** Texts by language, as in the core's `checkText`. */
export function scanTexts(bytes: Uint8Array, from: number): number {
  const count = listLength(bytes, from);
  if (count < 1 || count > LANGUAGES_MAX) return UNSURE;
  let at = from + 1;
  let before = UNSURE;
  for (let index = 0; index < count; index++) {
    const language = at + 1;
    const line = bytes[at] === PAIR ? scanLanguage(bytes, language) : UNSURE;
    if (line === UNSURE) return UNSURE;
    if (before !== UNSURE && compareTexts(bytes, before, language) >= 0) return UNSURE;
    before = language;
    at = scanLine(bytes, line);
    if (at === UNSURE) return UNSURE;
  }
  return at;
}

/** A language of two or three letters, with at most a script of four or a region of two after it. */
function scanLanguage(bytes: Uint8Array, at: number): number {
  const end = endOfText(bytes, at);
  const start = startOfText(bytes, at);
  if (end < start + 2 || end - start > LANGUAGE_CHARACTERS_MAX) return UNSURE;
  let index = start;
  while (index < end && isLower(bytes[index]!)) index++;
  if (index - start < 2 || index - start > 3) return UNSURE;
  if (index === end) return end;
  if (bytes[index] !== 0x2d) return UNSURE;
  const subtag = end - index - 1;
  if (subtag !== 2 && subtag !== 4) return UNSURE;
  if (!isUpper(bytes[index + 1]!)) return UNSURE;
  if (subtag === 2) return isUpper(bytes[index + 2]!) ? end : UNSURE;
  for (let rest = index + 2; rest < end; rest++) if (!isLower(bytes[rest]!)) return UNSURE;
  return end;
}

function isLower(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}

function isUpper(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a;
}

/** One line of text for people. Everything in it is looked at, as in the core's `checkLine`. */
function scanLine(bytes: Uint8Array, at: number): number {
  const end = endOfText(bytes, at);
  const start = startOfText(bytes, at);
  if (end <= start || end - start > TEXT_BYTES_MAX) return UNSURE;
  if (bytes[start] === 0x20 || bytes[end - 1] === 0x20) return UNSURE;
  let digits = 0;
  let index = start;
  while (index < end) {
    const unit = bytes[index]!;
    if (unit < 0x80) {
      if (unit < 0x20 || unit === 0x7f) return UNSURE;
      if (unit >= 0x30 && unit <= 0x39) digits++;
      index++;
      continue;
    }
    const point = pointAt(bytes, index);
    const next = index + (point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4);
    // Most points of more than one byte are Chinese characters and never need the list.
    const isCommon = point >= 0x3001 && point < 0xd800;
    if (!isCommon && (point === UNSURE || isForbidden(point))) return UNSURE;
    if ((point === 0xa0 || point === 0x3000) && (index === start || next === end)) return UNSURE;
    if (point >= 0xff10 && point <= 0xff19) digits++;
    index = next;
  }
  if (index !== end) return UNSURE;
  return digits < DIGITS_ASKED || isHarmless(bytes, start, end) ? end : UNSURE;
}

/** The code point of two to four bytes of UTF-8 at an index, in its shortest form and no surrogate. RFC 3629 §3. */
function pointAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const second = bytes[at + 1]! ^ 0x80;
  if (second > 0x3f || lead < 0xc2) return UNSURE;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = bytes[at + 2]! ^ 0x80;
  if (third > 0x3f) return UNSURE;
  if (lead < 0xf0) {
    const point = ((lead & 0x0f) << 12) | (second << 6) | third;
    return point >= 0x800 && (point < 0xd800 || point > 0xdfff) ? point : UNSURE;
  }
  const fourth = bytes[at + 3]! ^ 0x80;
  if (fourth > 0x3f || lead > 0xf4) return UNSURE;
  const point = ((lead & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return point >= 0x1_0000 && point <= 0x10_ffff ? point : UNSURE;
}

function isHarmless(bytes: Uint8Array, start: number, end: number): boolean {
  return findPersonalNumber(textOf(bytes, start, end, "utf8")) === undefined;
}

function textOf(bytes: Uint8Array, start: number, end: number, encoding: "latin1" | "utf8"): string {
  // A length that leads beyond the item may lead beyond the bytes too.
  const text = bytes.subarray(start, end);
  return Buffer.from(text.buffer, text.byteOffset, text.length).toString(encoding);
}
