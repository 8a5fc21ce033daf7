import { accept, type Outcome, reject } from "../outcome.ts";

/**
 * The firewall against numbers of persons. What the ledger holds can never be taken back, so a text in which such a
 * number stands is refused. It catches what people paste and what tables hold; it cannot catch one who hides a
 * number on purpose (spelt out, split over two fields, in another alphabet), for whom there is no free text.
 *
 * Digits are ASCII `0-9` and full-width U+FF10-FF19. A run is as many adjacent digits as there are; it is never cut,
 * so a number within a longer run does not count. Runs are joined when one to {@link SEPARATORS_MAX} spaces or
 * hyphens, and nothing else, stand between them: spaces are U+0020, U+00A0, U+3000; hyphens `-`, U+2010-2015, U+2212,
 * U+FF0D. So `.`, `/`, `:` and every letter end a number. These count:
 *
 * - `citizen-number` (GB 11643, 18 characters): one run, or runs joined, of 18 digits; or of 17 digits and `X`, `x`,
 *   U+FF38 or U+FF58, which may stand after separators where no letter or digit follows it. The region is plausible,
 *   digits 7 to 14 are a day of the calendar in 1800 to 2099, and the last character is the ISO 7064 MOD 11-2 check of
 *   the others. A region is plausible when its first two digits are a province, and the next two are not `00` but in
 *   Taiwan, Hong Kong and Macao (71, 81 to 83); or when it is `9` and a province, as in the numbers of foreign
 *   permanent residents. Letters may adjoin.
 * - `citizen-number-15` (the form until 1999): one run of 15 digits, or runs of 6, 6 and 3 joined, with a plausible
 *   region and digits 7 to 12 a day of 1900 to 1999. It has no check character, so no ASCII letter may adjoin.
 * - `mobile-number` (mainland): one run of 11 digits, or runs of 3, 4 and 4 joined, `1` and one of `3` to `9` first;
 *   `86` or `0086` may stand before the digits. No ASCII letter may adjoin, so digests and the like pass.
 *
 * False positives are wanted rather than misses: of 18-digit serials that begin with a region and a date, one in
 * eleven is refused; of 15-digit numbers whose first two digits happen to be a province, one in 27; of 11-digit serials
 * that begin with 13 to 19, all. What has another length passes whatever it holds: codes of divisions (6 and 12 digits),
 * of components (16), of real estate (28), GTIN (8, 12, 13, 14), and so do dotted and coloned identifiers. A serial
 * that is refused gets another length, or a separator that ends a number.
 */
export const PERSONAL_NUMBER_KINDS = ["citizen-number", "citizen-number-15", "mobile-number"] as const;
export type PersonalNumberKind = (typeof PERSONAL_NUMBER_KINDS)[number];

/**
 * The kinds that are sought in codes and in addresses, which may hold codes: serials of 11 and of 15 digits are common
 * there and stand for things, while hardly one of 18 digits passes all that a citizen number has to.
 */
export const PERSONAL_NUMBER_KINDS_IN_CODES: readonly PersonalNumberKind[] = ["citizen-number"];

/** A number of a person within a text: what it is, and the index of its first digit in UTF-16 code units. */
export type PersonalNumber = { readonly kind: PersonalNumberKind; readonly at: number };

/** Most separators that may stand between two digits of one number. */
const SEPARATORS_MAX = 3;
/** Digits of the shortest number that counts. */
const DIGITS_MIN = 11;
const NO_DIGIT = -1;
/** Value of the check character X. */
const TEN = 10;

/** A run of digits. */
type Run = {
  /** Index in the text of the first digit, and of what follows the last. */
  readonly at: number;
  readonly end: number;
  /** Index of the first digit among all digits of the text. */
  readonly first: number;
  readonly length: number;
  /** Whether only separators stand between the run before and this one. */
  readonly isJoined: boolean;
};

/** A text taken apart: its runs, and the values of all its digits in order. */
type Scan = { readonly text: string; readonly digits: Uint8Array; readonly runs: readonly Run[] };

/** The first number of a person in the text that is of one of these kinds, or undefined. */
export function findPersonalNumber(
  text: string,
  kinds: readonly PersonalNumberKind[] = PERSONAL_NUMBER_KINDS,
): PersonalNumber | undefined {
  if (longestJoined(text) < DIGITS_MIN) return undefined;
  const scan = scanRuns(text);
  for (let index = 0; index < scan.runs.length; index++) {
    const kind = kinds.find((each) => FINDERS[each](scan, index));
    if (kind !== undefined) return { kind, at: scan.runs[index]!.at };
  }
  return undefined;
}

const ACCEPTED = accept(undefined);

/** What a number was, in words that do not repeat it. */
const KIND_NAMES: { readonly [kind in PersonalNumberKind]: string } = {
  "citizen-number": "what looks like a citizen number",
  "citizen-number-15": "what looks like a citizen number of the old form",
  "mobile-number": "what looks like a mobile phone number",
};

/** Refuses a text that holds a number of a person of one of these kinds, without repeating the number. Spec §6.5. */
export function checkNoPersonalNumber(
  field: string,
  text: string,
  kinds: readonly PersonalNumberKind[] = PERSONAL_NUMBER_KINDS,
): Outcome<void> {
  const found = findPersonalNumber(text, kinds);
  if (found === undefined) return ACCEPTED;
  const name = KIND_NAMES[found.kind];
  return reject("PERSONAL_NUMBER", `${field} holds ${name}, and nothing on the ledger can be erased`, {
    field,
    at: found.at,
    expected: "no number of a person",
    got: name,
    fix: "leave the number out; for data about a person, record a salted commitment and keep the data off the ledger",
  });
}

/** Whether a number of a kind begins with a run. */
const FINDERS: { readonly [kind in PersonalNumberKind]: (scan: Scan, index: number) => boolean } = {
  "citizen-number": isCitizenAt,
  "citizen-number-15": isOldCitizenAt,
  "mobile-number": isMobileAt,
};

function isMobileAt(scan: Scan, index: number): boolean {
  const run = scan.runs[index]!;
  const lead = leadLength(scan, run);
  if (!isMobilePrefix(scan.digits, run.first + lead)) return false;
  if (run.length === lead + 11) return !adjoinsLetter(scan.text, run, run);
  return run.length === lead + 3 && isGrouping(scan, index, [run.length, 4, 4]);
}

/** How many digits of the international prefix a run begins with. */
function leadLength(scan: Scan, run: Run): number {
  const { digits } = scan;
  const from = run.first;
  const isLong = run.length > 4 && digits[from] === 0 && digits[from + 1] === 0;
  const at = isLong ? from + 2 : from;
  if (run.length < 3 || digits[at] !== 8 || digits[at + 1] !== 6) return 0;
  return isLong ? 4 : 2;
}

function isMobilePrefix(digits: Uint8Array, at: number): boolean {
  return digits[at] === 1 && digits[at + 1]! >= 3;
}

function isOldCitizenAt(scan: Scan, index: number): boolean {
  const run = scan.runs[index]!;
  if (run.length === 15) {
    if (adjoinsLetter(scan.text, run, run)) return false;
  } else if (run.length !== 6 || !isGrouping(scan, index, [6, 6, 3])) {
    return false;
  }
  const { digits } = scan;
  return isRegion(digits, run.first) && isDay(1900 + twoDigits(digits, run.first + 6), digits, run.first + 8);
}

/** Whether the runs from this one on are joined, have these lengths, and adjoin no letter. */
function isGrouping(scan: Scan, index: number, lengths: readonly number[]): boolean {
  for (let step = 0; step < lengths.length; step++) {
    const run = scan.runs[index + step];
    if (run === undefined || run.length !== lengths[step] || (step > 0 && !run.isJoined)) return false;
  }
  return !adjoinsLetter(scan.text, scan.runs[index]!, scan.runs[index + lengths.length - 1]!);
}

function isCitizenAt(scan: Scan, index: number): boolean {
  const from = scan.runs[index]!.first;
  let length = 0;
  for (let at = index; at < scan.runs.length; at++) {
    const run = scan.runs[at]!;
    if (at > index && !run.isJoined) return false;
    length += run.length;
    if (length > 18) return false;
    if (length === 18) return isCitizen(scan.digits, from, scan.digits[from + 17]!);
    if (length === 17 && isFollowedByX(scan.text, run.end) && isCitizen(scan.digits, from, TEN)) return true;
  }
  return false;
}

/** Weights of GB 11643: 2^(18-i) mod 11 for the i-th digit, from 1. */
const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function isCitizen(digits: Uint8Array, from: number, check: number): boolean {
  if (!isRegion(digits, from)) return false;
  const year = twoDigits(digits, from + 6) * 100 + twoDigits(digits, from + 8);
  if (year < 1800 || year > 2099 || !isDay(year, digits, from + 10)) return false;
  let sum = check;
  for (let at = 0; at < 17; at++) sum += CITIZEN_WEIGHTS[at]! * digits[from + at]!;
  return sum % 11 === 1;
}

/** The first two digits of division codes, GB/T 2260, with 83 as in residence permits. */
const PROVINCES = [
  11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61,
  62, 63, 64, 65, 71, 81, 82, 83,
];
const FIRST_WITHOUT_PREFECTURE = 71;
const IS_PROVINCE = markProvinces();

function markProvinces(): Uint8Array {
  const marks = new Uint8Array(100);
  for (const province of PROVINCES) marks[province] = 1;
  return marks;
}

function isRegion(digits: Uint8Array, from: number): boolean {
  if (digits[from] === 9) return IS_PROVINCE[twoDigits(digits, from + 1)] === 1;
  const province = twoDigits(digits, from);
  if (IS_PROVINCE[province] !== 1) return false;
  return province >= FIRST_WITHOUT_PREFECTURE || twoDigits(digits, from + 2) !== 0;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether two digits of a month and two of a day, from `at` on, name a day of the year. */
function isDay(year: number, digits: Uint8Array, at: number): boolean {
  const month = twoDigits(digits, at);
  const day = twoDigits(digits, at + 2);
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= MONTH_DAYS[month - 1]! + (month === 2 && isLeap ? 1 : 0);
}

function twoDigits(digits: Uint8Array, at: number): number {
  return digits[at]! * 10 + digits[at + 1]!;
}

function isFollowedByX(text: string, from: number): boolean {
  let at = from;
  while (at - from < SEPARATORS_MAX && isSeparator(text.charCodeAt(at))) at++;
  const unit = text.charCodeAt(at);
  if (unit !== 0x58 && unit !== 0x78 && unit !== 0xff38 && unit !== 0xff58) return false;
  return at === from || !isWordUnit(text.charCodeAt(at + 1));
}

function adjoinsLetter(text: string, first: Run, last: Run): boolean {
  return isLetter(text.charCodeAt(first.at - 1)) || isLetter(text.charCodeAt(last.end));
}

function isWordUnit(unit: number): boolean {
  return isLetter(unit) || digitOf(unit) !== NO_DIGIT;
}

/** Whether a code unit is an ASCII letter; false for NaN, which stands for no unit. */
function isLetter(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
}

function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0xff10 && unit <= 0xff19) return unit - 0xff10;
  return NO_DIGIT;
}

function isSeparator(unit: number): boolean {
  if (unit === 0x20 || unit === 0x2d || unit === 0xa0 || unit === 0x3000) return true;
  return (unit >= 0x2010 && unit <= 0x2015) || unit === 0x2212 || unit === 0xff0d;
}

/** Most digits of a text between which only as many separators stand as a number of a person may have in one place. */
function longestJoined(text: string): number {
  let longest = 0;
  let count = 0;
  let separators = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (digitOf(unit) !== NO_DIGIT) {
      count = separators > SEPARATORS_MAX ? 1 : count + 1;
      separators = 0;
      if (count > longest) longest = count;
    } else separators = isSeparator(unit) ? separators + 1 : SEPARATORS_MAX + 1;
  }
  return longest;
}

function scanRuns(text: string): Scan {
  const digits = new Uint8Array(text.length);
  const runs: Run[] = [];
  let count = 0;
  let at = 0;
  let separators = SEPARATORS_MAX + 1;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (digitOf(unit) === NO_DIGIT) {
      separators = isSeparator(unit) ? separators + 1 : SEPARATORS_MAX + 1;
      at++;
      continue;
    }
    const start = at;
    const first = count;
    for (let digit = digitOf(unit); digit !== NO_DIGIT; digit = digitOf(text.charCodeAt(++at)))
      digits[count++] = digit;
    const isJoined = separators <= SEPARATORS_MAX;
    runs.push({ at: start, end: at, first, length: at - start, isJoined });
    separators = 0;
  }
  return { text, digits, runs };
}
