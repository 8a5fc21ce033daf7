import { DIGITS_AND_CAPITALS } from "../systems/characters.ts";
import { COUNTRIES_ALPHA, COUNTRIES_NUMERIC, CURRENCIES_NUMERIC, PACKAGE_TYPES } from "./code-lists.ts";
import { type Finding, findForeign, findNonDigit, type Linter, wholeFinding } from "./finding.ts";

const IMPORTER_CHARACTERS = `-${DIGITS_AND_CAPITALS}_abcdefghijklmnopqrstuvwxyz`;
/** Degrees times ten million: latitude from the south pole, longitude eastwards. */
const LATITUDE_MAX = 1_800_000_000;
const LONGITUDE_MAX = 3_600_000_000;
const COORDINATE_DIGITS = 10;
const MEDIA_TYPE_USED_MAX = 10;
const MEDIA_TYPE_OWN_MIN = 80;

/** A numeric country code. */
export const iso3166: Linter = (text) =>
  lintListed(text, COUNTRIES_NUMERIC, "not-iso3166", "a country of ISO 3166-1");

/** A numeric country code, or 999 for several. */
export const iso3166999: Linter = (text) =>
  text === "999"
    ? undefined
    : lintListed(text, COUNTRIES_NUMERIC, "not-iso3166-or-999", "a country of ISO 3166-1, or 999");

/** A two-letter country code. */
export const iso3166alpha2: Linter = (text) =>
  lintListed(text, COUNTRIES_ALPHA, "not-iso3166-alpha2", "a country of ISO 3166-1 in two letters");

/** A numeric currency code. */
export const iso4217: Linter = (text) =>
  lintListed(text, CURRENCIES_NUMERIC, "not-iso4217", "a currency of ISO 4217");

/** A package type. */
export const packagetype: Linter = (text) =>
  lintListed(
    text,
    PACKAGE_TYPES,
    "invalid-package-type",
    "a package type of UN/ECE Recommendation 21 or GS1",
  );

/** A sex of ISO 5218. */
export const iso5218: Linter = (text) => lintOneOf(text, "0129", "invalid-biological-sex-code");

/** A direction of winding. */
export const winding: Linter = (text) => lintOneOf(text, "019", "invalid-winding-direction");

/** No or yes. */
export const yesno: Linter = (text) => lintOneOf(text, "01", "not-zero-or-one");

/** A kind of medium: 01 to 10, or 80 to 99 by agreement. */
export const mediatype: Linter = (text) => {
  const number = text.length === 2 && findNonDigit(text) === undefined ? Number(text) : 0;
  const right = (number > 0 && number <= MEDIA_TYPE_USED_MAX) || number >= MEDIA_TYPE_OWN_MIN;
  return right ? undefined : wholeFinding(text, "invalid-media-type", "01 to 10 or 80 to 99");
};

/** Which of an importer's identifiers: one character. */
export const importeridx: Linter = (text) => {
  const expected = "one letter, digit, - or _";
  if (text.length !== 1) return wholeFinding(text, "importer-idx-must-be-one-character", expected);
  return findForeign(text, IMPORTER_CHARACTERS, "invalid-importer-idx-character", expected);
};

/** A latitude. */
export const latitude: Linter = (text) => lintCoordinate(text, "latitude", LATITUDE_MAX);

/** A longitude. */
export const longitude: Linter = (text) => lintCoordinate(text, "longitude", LONGITUDE_MAX);

/** Digits that are not all 0. */
export const nonzero: Linter = (text) =>
  findNonDigit(text) ??
  (isZeros(text) ? wholeFinding(text, "illegal-zero-value", "a number other than 0") : undefined);

/** Zeros alone. */
export const zero: Linter = (text) =>
  text !== "" && isZeros(text) ? undefined : wholeFinding(text, "not-zero", "0");

/** Digits that do not begin with 0. */
export const nozeroprefix: Linter = (text) =>
  findNonDigit(text) ??
  (text.startsWith("0")
    ? { reason: "illegal-zero-prefix", at: 0, length: 1, expected: "a number without leading zeros" }
    : undefined);

/** The number of a piece and of all pieces, each half of the digits. */
export const pieceoftotal: Linter = (text) => {
  if (text === "" || text.length % 2 !== 0) {
    return wholeFinding(text, "invalid-length-for-piece-of-total", "an even number of digits");
  }
  const foreign = findNonDigit(text);
  if (foreign !== undefined) return foreign;
  const half = text.length / 2;
  const expected = "the number of the piece and of all pieces, from 1";
  const piece = text.slice(0, half);
  const total = text.slice(half);
  if (isZeros(piece)) return { reason: "zero-piece-number", at: 0, length: half, expected };
  if (isZeros(total)) return { reason: "zero-total-pieces", at: half, length: half, expected };
  return piece > total ? wholeFinding(text, "piece-number-exceeds-total", expected) : undefined;
};

/** A position and the number of all, with a slash between them. */
export const posinseqslash: Linter = (text) => {
  const expected = "two numbers from 1 with / between them, the second no smaller";
  const slash = text.indexOf("/");
  const position = text.slice(0, slash);
  const end = text.slice(slash + 1);
  const malformed =
    slash <= 0 || end === "" || findNonDigit(position) !== undefined || findNonDigit(end) !== undefined;
  if (malformed) return wholeFinding(text, "position-in-sequence-malformed", expected);
  for (const [number, at] of [
    [position, 0],
    [end, slash + 1],
  ] as const) {
    if (number.startsWith("0")) return { reason: "illegal-zero-prefix", at, length: number.length, expected };
  }
  const exceeds = position.length === end.length ? position > end : position.length > end.length;
  return exceeds ? wholeFinding(text, "position-exceeds-end", expected) : undefined;
};

function lintListed(
  text: string,
  list: ReadonlySet<string>,
  reason: string,
  expected: string,
): Finding | undefined {
  return list.has(text) ? undefined : wholeFinding(text, reason, expected);
}

function lintOneOf(text: string, characters: string, reason: string): Finding | undefined {
  if (text.length === 1 && characters.includes(text)) return undefined;
  return wholeFinding(text, reason, `one of ${[...characters].join(", ")}`);
}

function lintCoordinate(text: string, name: string, max: number): Finding | undefined {
  if (text.length !== COORDINATE_DIGITS) {
    return wholeFinding(text, `${name}-invalid-length`, `${COORDINATE_DIGITS} digits`);
  }
  const foreign = findNonDigit(text);
  if (foreign !== undefined) return foreign;
  return Number(text) <= max ? undefined : wholeFinding(text, `invalid-${name}`, `at most ${max}`);
}

function isZeros(text: string): boolean {
  return findForeign(text, "0", "", "") === undefined;
}
