import type { Fault } from "../fault.ts";
import { type Mending, type SystemFault, VALUE_CHARACTERS_MAX } from "../systems/coding-system.ts";
import { type Refusal, refuseForm, refuseValue } from "../systems/refusal.ts";
import { tidy } from "../systems/tidy.ts";
import {
  AI_DIGITS_MAX,
  AI_DIGITS_MIN,
  APPLICATION_IDENTIFIERS,
  type ApplicationIdentifier,
  identifierAt,
} from "./application-identifiers.ts";
import { findDoubts } from "./associations.ts";
import { type Element, elementOf, withheld } from "./element.ts";
import { type FoundKey, findKeys } from "./found-keys.ts";

/** Elements that stand in one code, as they were read. */
export type ElementString = {
  /** In the order in which they came; one that came twice with one value stands once. */
  readonly elements: readonly Element[];
  readonly keys: readonly FoundKey[];
  /** What may be missing or too much, going by this code alone. */
  readonly doubts: readonly Fault[];
  readonly mended: readonly Mending[];
};

/** The outcome of reading an element string. Places are counted in the text without spaces. */
export type ElementStringOutcome =
  | { readonly ok: true; readonly value: ElementString }
  | { readonly ok: false; readonly fault: SystemFault };

/** What ends a value in a scanned text: FNC1 as scanners send it. GS1 General Specifications, 7.8. */
export const FNC1 = "\x1d";
/** Most elements in one code. Our choice. */
export const ELEMENTS_MAX = 64;

/** Symbology identifiers of carriers of element strings (General Specifications, 7.8.2) and of bare GTINs. */
const CARRIERS: ReadonlySet<string> = new Set(["]C1", "]d2", "]Q3", "]e0", "]J1"]);
const GTIN_CARRIERS: Readonly<Record<string, number>> = { "]E0": 13, "]E4": 8, "]I1": 14 };
const SYMBOLOGY_CHARACTERS = 3;

/** An identifier and a value where a text has them. */
type Piece = {
  readonly identifier: ApplicationIdentifier;
  readonly value: string;
  readonly placeOf: (at: number) => number;
};
type Pieces = { readonly ok: true; readonly value: readonly Piece[] } | Refusal;

/**
 * Reads elements as they are printed below a barcode, `(01)09521234543213(10)ABC`, or as a scanner sends them, with or
 * without a symbology identifier at the beginning. `year` is the one that years of two digits are read against.
 */
export function parseElementString(raw: string, year?: number): ElementStringOutcome {
  if (raw.length > VALUE_CHARACTERS_MAX) {
    return refuseForm({ expected: `at most ${VALUE_CHARACTERS_MAX} characters`, got: raw });
  }
  const { text, mended } = tidy(raw, { case: "keep", separators: " " });
  const pieces = text.startsWith("(") ? bracketedPieces(text) : scannedPieces(text);
  if (!pieces.ok) return pieces;
  const elements: Element[] = [];
  for (const { identifier, value, placeOf } of pieces.value) {
    const made = elementOf(identifier, value, year);
    if (!made.ok) return { ok: false, fault: { ...made.fault, at: placeOf(made.fault.at ?? 0) } };
    const before = elements.find(({ ai }) => ai === identifier.ai);
    if (before === undefined) elements.push(made.value);
    else if (before.value !== value) {
      const expected = `${before.value}, as before, or nothing`;
      const twice = refuseValue(`(${identifier.ai})`, { expected, got: value, at: placeOf(0) });
      return before.isPersonal ? { ok: false, fault: withheld(twice.fault) } : twice;
    }
  }
  return { ok: true, value: { elements, keys: findKeys(elements), doubts: findDoubts(elements), mended } };
}

/** Prints elements as they stand below a barcode. A bracket in a value that would look like an identifier is escaped. */
export function printBracketed(elements: readonly Pick<Element, "ai" | "value">[]): string {
  return elements.map(({ ai, value }) => `(${ai})${escapeBrackets(value)}`).join("");
}

/** Prints elements as a scanner sends them, without a symbology identifier: FNC1 ends values whose length is open. */
export function printScanned(elements: readonly Pick<Element, "ai" | "value">[]): string {
  return elements
    .map(({ ai, value }, at) => {
      const isOpen = APPLICATION_IDENTIFIERS.get(ai)?.knownLength === undefined;
      return ai + value + (isOpen && at < elements.length - 1 ? FNC1 : "");
    })
    .join("");
}

function scannedPieces(text: string): Pieces {
  const symbology = text.startsWith("]") ? text.slice(0, SYMBOLOGY_CHARACTERS) : "";
  const digits = GTIN_CARRIERS[symbology];
  if (digits !== undefined) return gtinPieces(text, digits);
  if (symbology !== "" && !CARRIERS.has(symbology)) {
    const expected = `a symbology identifier of GS1: ${[...CARRIERS].join(" ")}`;
    return refuseForm({ field: "symbology", expected, got: symbology, at: 0 });
  }
  const pieces: Piece[] = [];
  let at = symbology.length;
  if (text.charAt(at) === FNC1) at++;
  while (at < text.length) {
    const identifier = identifierAt(text, at);
    if (identifier === undefined) return refuseIdentifier(text.slice(at, at + AI_DIGITS_MAX), at);
    const from = at + identifier.ai.length;
    const end = text.indexOf(FNC1, from);
    const open = end < 0 ? text.length : end;
    const to = identifier.knownLength === undefined ? open : Math.min(open, from + identifier.knownLength);
    const value = text.slice(from, to);
    pieces.push({ identifier, value, placeOf: (offset) => from + offset });
    if (pieces.length > ELEMENTS_MAX) return refuseCount(at);
    // FNC1 behind a value of known length is not needed, and readers put up with it.
    at = text.charAt(to) === FNC1 ? to + 1 : to;
  }
  return pieces.length > 0 ? { ok: true, value: pieces } : refuseIdentifier("", at);
}

/** A barcode that holds nothing but a GTIN, as its symbology identifier says. */
function gtinPieces(text: string, digits: number): Pieces {
  const value = text.slice(SYMBOLOGY_CHARACTERS);
  const identifier = APPLICATION_IDENTIFIERS.get("01");
  if (identifier === undefined || value.length !== digits) {
    return refuseForm({ expected: `${digits} digits`, got: value, at: SYMBOLOGY_CHARACTERS });
  }
  const zeros = 14 - digits;
  const placeOf = (at: number) => SYMBOLOGY_CHARACTERS + Math.max(0, at - zeros);
  return { ok: true, value: [{ identifier, value: "0".repeat(zeros) + value, placeOf }] };
}

function bracketedPieces(text: string): Pieces {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    const close = identifierEnd(text, at);
    const ai = text.slice(at + 1, close < 0 ? at + 1 + AI_DIGITS_MAX : close);
    const identifier = close < 0 ? undefined : APPLICATION_IDENTIFIERS.get(ai);
    if (identifier === undefined) return refuseIdentifier(ai, at + 1);
    const from = close + 1;
    // Where each character of the value stands in the text; escapes take two places.
    const places: number[] = [];
    let value = "";
    for (at = from; at < text.length && identifierEnd(text, at) < 0; at++) {
      if (text.charAt(at) === "\\" && text.charAt(at + 1) === "(") at++;
      places.push(at);
      value += text.charAt(at);
    }
    const end = at;
    pieces.push({ identifier, value, placeOf: (offset) => places[offset] ?? end });
    if (pieces.length > ELEMENTS_MAX) return refuseCount(from);
  }
  return { ok: true, value: pieces };
}

/** Where the bracket closes that opens an identifier at a place, or -1 where none is opened. */
function identifierEnd(text: string, at: number): number {
  if (text.charAt(at) !== "(") return -1;
  let end = at + 1;
  while (end <= at + AI_DIGITS_MAX && text.charAt(end) >= "0" && text.charAt(end) <= "9") end++;
  return text.charAt(end) === ")" && end - at - 1 >= AI_DIGITS_MIN ? end : -1;
}

function escapeBrackets(value: string): string {
  let escaped = "";
  for (let at = 0; at < value.length; at++) {
    escaped += (identifierEnd(value, at) < 0 ? "" : "\\") + value.charAt(at);
  }
  return escaped;
}

function refuseIdentifier(got: string, at: number): Refusal {
  return refuseForm({ field: "ai", expected: "an application identifier of GS1", got, at });
}

function refuseCount(at: number): Refusal {
  return refuseForm({ field: "elements", expected: `at most ${ELEMENTS_MAX}`, got: "more", at });
}
