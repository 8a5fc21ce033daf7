import { isAlphanumeric, isDigits } from "../ascii.ts";
import { CHARACTER_SET_39, CHARACTER_SET_64, CHARACTER_SET_82 } from "./character-sets.ts";
import { findForeign, findNonDigit, type Linter, wholeFinding } from "./finding.ts";

const GROUP_64 = 3;
const PADDING = "=";

/** Digits, or nothing. */
export const csetnumeric: Linter = findNonDigit;

/** Characters of set 82. */
export const cset82: Linter = (text) =>
  findForeign(
    text,
    CHARACTER_SET_82,
    "invalid-cset82-character",
    "letters, digits and !\"%&'()*+,-./:;<=>?_",
  );

/** Characters of set 39. */
export const cset39: Linter = (text) =>
  findForeign(text, CHARACTER_SET_39, "invalid-cset39-character", "capital letters, digits and #-/");

/**
 * Base64 for addresses. Padding, where there is some, fills the text to a multiple of three characters: the dictionary
 * counts so, unlike RFC 4648, and so do we.
 */
export const cset64: Linter = (text) => {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === PADDING) end--;
  const body = text.slice(0, end);
  const foreign = findForeign(body, CHARACTER_SET_64, "invalid-cset64-character", "letters, digits, - and _");
  const padding = text.length - end;
  if (foreign !== undefined || padding === 0) return foreign;
  if (padding < GROUP_64 && text.length % GROUP_64 === 0) return undefined;
  const expected = `at most two =, to a multiple of ${GROUP_64} characters`;
  return { reason: "invalid-cset64-padding", at: end, length: padding, expected };
};

/** A text with a percent sign only before two hexadecimal digits. */
export const pcenc: Linter = (text) => {
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 1)) {
    const sequence = text.slice(at, at + 3);
    const right =
      sequence.length === 3 && isHexDigit(text.charCodeAt(at + 1)) && isHexDigit(text.charCodeAt(at + 2));
    if (right) continue;
    return {
      reason: "invalid-percent-sequence",
      at,
      length: sequence.length,
      expected: "% and two hexadecimal digits",
    };
  }
  return undefined;
};

/** A text that is more than digits. */
export const hasnondigit: Linter = (text) =>
  text === "" || isDigits(text)
    ? wholeFinding(text, "requires-non-digit-character", "a character that is no digit")
    : undefined;

/** Hyphens alone. */
export const hyphen: Linter = (text) =>
  text === "" || findForeign(text, "-", "", "") !== undefined
    ? wholeFinding(text, "not-hyphen", "-")
    : undefined;

/** Whether a code unit is one of 0-9, A-F, a-f. */
function isHexDigit(unit: number): boolean {
  return isAlphanumeric(unit) && (unit | 0x20) <= 0x66;
}
