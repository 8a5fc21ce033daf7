import {
  advanceHybrid,
  alphanumericOf,
  alphanumericValueOf,
  closeHybrid,
  MODULUS_ALPHANUMERIC,
} from "@cityroot/codes/iso7064";

// The check character under a rule is that of all codes (`checkCharacterOf` of the codes), but narrower: lower-case
// letters, "-" and "_" have no value, so that a code with one of them has no check character. Spec §11.4.
// It is worked out piece by piece, as a shape is matched.

/** State of the computation before the first character. */
export const CHECK_START: number = MODULUS_ALPHANUMERIC;
/** State after a character that has no value: no check character exists. */
export const CHECK_NONE = -1;

/** State after the characters of the text from `from` to before `to`, begun in `state`. */
export function advanceCheck(state: number, text: string, from: number, to: number): number {
  let carry = state;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x2e || unit === 0x2f) continue;
    const value = alphanumericValueOf(unit);
    if (value < 0 || carry === CHECK_NONE) return CHECK_NONE;
    carry = advanceHybrid(MODULUS_ALPHANUMERIC, carry, value);
  }
  return carry;
}

/** Whether a UTF-16 code unit is the check character of what led to `state`. */
export function isCheckCharacter(state: number, unit: number): boolean {
  return state !== CHECK_NONE && alphanumericValueOf(unit) === closeHybrid(MODULUS_ALPHANUMERIC, state);
}

/**
 * The check character that makes a code whole: the one to be written after `stem`, which is the code without it.
 * Undefined where the stem holds anything but digits, upper case letters and separators.
 */
export function checkCharacterOf(stem: string): string | undefined {
  const state = advanceCheck(CHECK_START, stem, 0, stem.length);
  return state === CHECK_NONE ? undefined : alphanumericOf(closeHybrid(MODULUS_ALPHANUMERIC, state));
}
