import { isAlphanumeric, upperUnit } from "../ascii.ts";
import { alphanumericValueOf } from "../iso7064.ts";
import { CHARACTER_SET_32, CHARACTER_SET_82 } from "./character-sets.ts";
import { checkDigitOf } from "./check-digit.ts";
import { COUNTRIES_ALPHA } from "./code-lists.ts";
import { findNonDigit, type Linter, wholeFinding } from "./finding.ts";
import { cset82 } from "./lint-characters.ts";

const PAIR = 2;
const PAIR_MODULUS = 1021;
/** Longest text with a check character pair that is looked at. The longest that a standard has is of 30 characters. */
const PAIR_CHARACTERS_MAX = 99;
const PRIMES: readonly number[] = primesOf(PAIR_CHARACTERS_MAX - PAIR);
const COMPANY_DIGITS_MIN = 4;
const IBAN_CHARACTERS_MIN = 5;
const IBAN_CHARACTERS_MAX = 34;

/** Digits that end in their check digit. */
export const csum: Linter = (text) => {
  if (text === "") return wholeFinding(text, "too-short-for-check-digit", "digits and their check digit");
  const foreign = findNonDigit(text);
  if (foreign !== undefined) return foreign;
  const at = text.length - 1;
  const check = checkDigitOf(text.slice(0, at));
  if (check === text.charAt(at)) return undefined;
  return { reason: "incorrect-check-digit", at, length: 1, expected: check };
};

/** A text that ends in its check character pair, as global model numbers do. */
export const csumalpha: Linter = (text) => {
  const expected = `${PAIR} to ${PAIR_CHARACTERS_MAX} characters, the last ${PAIR} of them check characters`;
  if (text.length < PAIR) return wholeFinding(text, "too-short-for-check-pair", expected);
  if (text.length > PAIR_CHARACTERS_MAX) {
    return wholeFinding(text, "too-long-for-check-pair-implementation", expected);
  }
  const at = text.length - PAIR;
  const foreign = cset82(text.slice(0, at));
  if (foreign !== undefined) return foreign;
  const pair = checkPairOf(text.slice(0, at));
  if (text.endsWith(pair)) return undefined;
  return { reason: "incorrect-check-pair", at, length: PAIR, expected: pair };
};

/**
 * The check character pair of a text of characters of set 82: their values times the primes, from the right, modulo
 * 1021, in two characters of set 32. GS1 General Specifications, 7.9.5.
 */
export function checkPairOf(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at++) {
    sum += CHARACTER_SET_82.indexOf(body.charAt(at)) * (PRIMES[body.length - 1 - at] ?? 0);
  }
  const value = sum % PAIR_MODULUS;
  return CHARACTER_SET_32.charAt(value >> 5) + CHARACTER_SET_32.charAt(value & 31);
}

/** A bank account number: country, check digits by MOD 97-10, account. ISO 13616. */
export const iban: Linter = (text) => {
  const expected = `${IBAN_CHARACTERS_MIN} to ${IBAN_CHARACTERS_MAX} characters`;
  if (text.length < IBAN_CHARACTERS_MIN) return wholeFinding(text, "iban-too-short", expected);
  if (text.length > IBAN_CHARACTERS_MAX) return wholeFinding(text, "iban-too-long", expected);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isAlphanumeric(unit) && upperUnit(unit) === unit) continue;
    return { reason: "invalid-iban-character", at, length: 1, expected: "capital letters and digits" };
  }
  if (!COUNTRIES_ALPHA.has(text.slice(0, 2))) {
    return { reason: "illegal-iban-country-code", at: 0, length: 2, expected: "a country of ISO 3166-1" };
  }
  let rest = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = alphanumericValueOf(character.charCodeAt(0));
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  if (rest === 1) return undefined;
  return { reason: "incorrect-iban-checksum", at: 2, length: 2, expected: "the check digits of the account" };
};

/** A text that begins with a company prefix. */
export const gcppos1: Linter = (text) => lintCompanyPrefix(text, 0);

/** A text that begins with an indicator or extension digit, and then a company prefix. */
export const gcppos2: Linter = (text) => lintCompanyPrefix(text, 1);

function lintCompanyPrefix(text: string, from: number): ReturnType<Linter> {
  const expected = `a company prefix of ${COMPANY_DIGITS_MIN} digits or more`;
  const end = from + COMPANY_DIGITS_MIN;
  if (text.length < end) {
    const at = text.length > from ? from : 0;
    return { reason: "too-short-for-gcp", at, length: text.length - at, expected };
  }
  const foreign = findNonDigit(text.slice(from, end));
  return foreign && { reason: "invalid-gcp-prefix", at: from + foreign.at, length: 1, expected };
}

function primesOf(count: number): readonly number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}
