// ISO/IEC 7064 MOD 37,36 (a hybrid system): characters 0-9 and A-Z stand for 0 to 35, and one of them is the check.
// A code's separators are passed over, so that the check can be typed and read by eye; Spec §11.4 says so.

const MODULUS = 36;

/** State of the computation before the first character. */
export const CHECK_START: number = MODULUS;
/** State after a character that has no value: no check character exists. */
export const CHECK_NONE = -1;

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** State after the characters of the text from `from` to before `to`, begun in `state`. */
export function advanceCheck(state: number, text: string, from: number, to: number): number {
  let product = state;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x2e || unit === 0x2f) continue;
    const value = checkValueOf(unit);
    if (value < 0 || product === CHECK_NONE) return CHECK_NONE;
    const sum = (product + value) % MODULUS || MODULUS;
    product = (sum * 2) % (MODULUS + 1);
  }
  return product;
}

/** Whether a UTF-16 code unit is the check character of what led to `state`. */
export function isCheckCharacter(state: number, unit: number): boolean {
  const value = checkValueOf(unit);
  return state !== CHECK_NONE && value >= 0 && (state + value) % MODULUS === 1;
}

/**
 * The check character that makes a code whole: the one to be written after `stem`, which is the code without it.
 * Undefined where the stem holds anything but digits, upper case letters and separators.
 */
export function checkCharacterOf(stem: string): string | undefined {
  const state = advanceCheck(CHECK_START, stem, 0, stem.length);
  return state === CHECK_NONE ? undefined : DIGITS.charAt((MODULUS + 1 - state) % MODULUS);
}

/** Value of a digit or upper case letter, or -1. */
function checkValueOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x41 && unit <= 0x5a ? unit - 0x37 : -1;
}
