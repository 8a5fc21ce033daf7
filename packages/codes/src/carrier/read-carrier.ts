import { isAlphanumeric, isDigits } from "../ascii.ts";
import { FNC1, parseElementString } from "../gs1/element-string.ts";
import { readAddress } from "./address.ts";
import type { Carried } from "./carried.ts";
import { faulty } from "./carry.ts";
import { hasControls, restoreControls } from "./control-characters.ts";
import { carryElements } from "./from-elements.ts";
import { MESSAGE_START, readMessage } from "./message.ts";
import { announcesGs1, type Symbology, symbologyOf } from "./symbology.ts";
import { looksLikeUri, readUri } from "./uri.ts";

/** What a text carries; of a plain text behind a symbology identifier, that text. */
export type CarrierReading =
  | { readonly kind: "carried"; readonly carried: Carried }
  | { readonly kind: "plain"; readonly symbology: Symbology; readonly text: string };

/** Fewest digits of a scanned element string that nothing else tells from a number: an identifier, a number, its check digit. */
const SCANNED_DIGITS_MIN = 16;
/** Keys that such a text may begin with. */
const SCANNED_KEYS: readonly string[] = ["00", "01", "02"];

/** What carriers begin with, but for brackets. */
const BEGINNING = /^\s*(?:[(\][\uff08]|https?:|urn:|oid:|doi:|hdl:|info:)/i;
const BRACKETS = "([]\uff08";
/** First letters of those; whatever is no letter, digit or bracket may be a space before one. */
const LETTERS = "huodiHUODI";

/**
 * Whether a text may be a carrier. Nearly all texts are none, and are told so by their first character: that is asked of every
 * text that is identified.
 */
function mayCarry(raw: string): boolean {
  const first = raw.charAt(0);
  if (BRACKETS.includes(first) || (first === "0" && raw.length >= SCANNED_DIGITS_MIN)) return true;
  const isPlain = isAlphanumeric(first.charCodeAt(0)) && !LETTERS.includes(first);
  return (!isPlain && BEGINNING.test(raw)) || hasControls(raw);
}

/** Reads a text as a carrier of codes. `year` is the one that years of two digits are read against. */
export function readCarrier(raw: string, year?: number): CarrierReading | undefined {
  if (!mayCarry(raw)) return undefined;
  const text = restoreControls(raw.trim());
  const symbology = symbologyOf(text);
  if (symbology === undefined) {
    const carried = readText(text, year);
    return carried === undefined ? undefined : { kind: "carried", carried };
  }
  const rest = text.slice(symbology.identifier.length);
  const carried = announcesGs1(symbology) ? readElements(text, year) : readText(rest, year);
  if (carried !== undefined) return { kind: "carried", carried: { ...carried, symbology } };
  return { kind: "plain", symbology, text: rest };
}

function readText(text: string, year?: number): Carried | undefined {
  if (text.startsWith(MESSAGE_START)) return readMessage(text, year);
  if (/^https?:\/\//i.test(text)) return readAddress(text, year);
  if (looksLikeUri(text)) return readUri(text);
  if (text.includes(FNC1) || /^[(\uff08][0-9\uff10-\uff19]{2,4}[)\uff09]/.test(text))
    return readElements(text, year);
  return readScanned(text, year);
}

function readElements(text: string, year?: number): Carried {
  const read = parseElementString(text, year);
  if (!read.ok) return faulty("element-string", read.fault);
  return { form: "element-string", ...carryElements(read.value.elements), doubts: read.value.doubts };
}

/** Digits that begin as a key and read to the end as elements: shown beside all else that they may be. */
function readScanned(text: string, year?: number): Carried | undefined {
  const isLong = text.length >= SCANNED_DIGITS_MIN && isDigits(text.slice(0, SCANNED_DIGITS_MIN));
  if (!isLong || !SCANNED_KEYS.includes(text.slice(0, 2))) return undefined;
  const carried = readElements(text, year);
  return carried.fault === undefined ? carried : undefined;
}
