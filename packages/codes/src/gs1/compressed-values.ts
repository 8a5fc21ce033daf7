import { isDigits, lowerUnit, mapUnits } from "../ascii.ts";
import { APPLICATION_IDENTIFIERS, type ApplicationIdentifier } from "./application-identifiers.ts";
import { type BitReader, bitsOf, bitsOfDigits, SIX_BIT_ALPHABET, toBits } from "./bits.ts";
import { compressedPartsOf } from "./compressed-format.ts";

const HEX = "0123456789ABCDEF";
const ENCODING_BITS = 3;
/** How a text is written, by the number that says so: digits, hexadecimal in lower or upper case, six bits, ASCII. */
const DIGITS = 0;
const HEX_LOWER = 1;
const HEX_UPPER = 2;
const SIX_BIT = 3;
const ASCII = 4;
const ASCII_BITS = 7;

/** The bits of a value that may stand behind an identifier. */
export function compressValue(identifier: ApplicationIdentifier, value: string): string {
  let bits = "";
  let at = 0;
  for (const { isNumeric, isFixed, max } of compressedPartsOf(identifier)) {
    const piece = isFixed ? value.slice(at, at + max) : value.slice(at);
    at += piece.length;
    const length = isFixed ? "" : toBits(piece.length, bitsOf(max));
    bits += isNumeric ? length + digitsToBits(piece) : textToBits(piece, length);
  }
  return bits;
}

/** The value that stands in the next bits, or `undefined` where none does. */
export function decompressValue(identifier: ApplicationIdentifier, reader: BitReader): string | undefined {
  let value = "";
  for (const { isNumeric, isFixed, max } of compressedPartsOf(identifier)) {
    const encoding = isNumeric ? DIGITS : reader.number(ENCODING_BITS);
    const length = isFixed ? max : reader.number(bitsOf(max));
    if (encoding === undefined || length === undefined || length > max) return undefined;
    const piece = textFromBits(reader, encoding, length);
    if (piece === undefined) return undefined;
    value += piece;
  }
  return value;
}

/** The bits of a key-value pair of a query that is no element: length and text, both short. */
export function decompressText(reader: BitReader, lengthBits: number): string | undefined {
  const encoding = reader.number(ENCODING_BITS);
  const length = reader.number(lengthBits);
  return encoding === undefined || length === undefined ? undefined : textFromBits(reader, encoding, length);
}

/** Characters of six bits each. */
export function sixBitText(reader: BitReader, length: number): string | undefined {
  return characters(reader, length, bitsOf(SIX_BIT_ALPHABET.length - 1), (value) =>
    SIX_BIT_ALPHABET.charAt(value),
  );
}

/** The identifier of digits, four bits each. */
export function identifierToBits(digits: string): string {
  return [...digits].map((digit) => toBits(HEX.indexOf(digit), 4)).join("");
}

/** Digits of identifiers that begin with two digits, or `undefined` where none does. */
export function identifierDigits(beginning: string): number | undefined {
  for (const ai of APPLICATION_IDENTIFIERS.keys()) if (ai.startsWith(beginning)) return ai.length;
  return undefined;
}

function digitsToBits(digits: string): string {
  return toBits(BigInt(digits === "" ? 0 : digits), bitsOfDigits(digits.length));
}

function textToBits(text: string, length: string): string {
  if (isDigits(text)) return toBits(DIGITS, ENCODING_BITS) + length + digitsToBits(text);
  if (isWithin(text, HEX)) return toBits(HEX_UPPER, ENCODING_BITS) + length + identifierToBits(text);
  if (isWithin(text, mapUnits(HEX, lowerUnit))) {
    return toBits(HEX_LOWER, ENCODING_BITS) + length + identifierToBits(text.toUpperCase());
  }
  if (isWithin(text, SIX_BIT_ALPHABET)) {
    const bits = [...text].map((character) => toBits(SIX_BIT_ALPHABET.indexOf(character), 6));
    return toBits(SIX_BIT, ENCODING_BITS) + length + bits.join("");
  }
  const bits = [...text].map((character) => toBits(character.charCodeAt(0), ASCII_BITS));
  return toBits(ASCII, ENCODING_BITS) + length + bits.join("");
}

function textFromBits(reader: BitReader, encoding: number, length: number): string | undefined {
  switch (encoding) {
    case DIGITS: {
      const text = reader.bigNumber(bitsOfDigits(length))?.toString().padStart(length, "0");
      if (length === 0) return text === "0" ? "" : undefined;
      return text?.length === length ? text : undefined;
    }
    case HEX_LOWER:
      return characters(reader, length, 4, (value) => String.fromCharCode(lowerUnit(HEX.charCodeAt(value))));
    case HEX_UPPER:
      return characters(reader, length, 4, (value) => HEX.charAt(value));
    case SIX_BIT:
      return sixBitText(reader, length);
    case ASCII:
      return characters(reader, length, ASCII_BITS, (value) => String.fromCharCode(value));
    default:
      return undefined;
  }
}

function characters(
  reader: BitReader,
  length: number,
  width: number,
  show: (value: number) => string,
): string | undefined {
  let text = "";
  for (let count = 0; count < length; count++) {
    const value = reader.number(width);
    if (value === undefined) return undefined;
    text += show(value);
  }
  return text;
}

function isWithin(text: string, alphabet: string): boolean {
  for (const character of text) if (!alphabet.includes(character)) return false;
  return text !== "";
}
