import { fault, type Parsed, parsed, refused } from "./fault.ts";

/** Modulus M of MOD 37,36, the hybrid system over digits and letters. ISO/IEC 7064:2003. */
export const MODULUS_ALPHANUMERIC = 36;

/** Modulus M of MOD 11,10, the hybrid system over digits. ISO/IEC 7064:2003. */
export const MODULUS_NUMERIC = 10;

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * One step of a hybrid system MOD M+1,M (ISO/IEC 7064:2003): takes the next value, 0 to M-1, into the carry. The
 * first carry is M; every carry is 1 to M. For a fixed carry the step is one-to-one in the value, and for a
 * fixed value in the carry: so a single wrong value always changes the outcome.
 */
export function advanceHybrid(modulus: number, carry: number, value: number): number {
  const sum = (carry + value) % modulus;
  return ((sum === 0 ? modulus : sum) * 2) % (modulus + 1);
}

/** The check value, 0 to M-1, for the carry after the last value: it makes the sum with the carry 1 modulo M. */
export function closeHybrid(modulus: number, carry: number): number {
  return (modulus + 1 - carry) % modulus;
}

/** The character of a value from 0 to 35: 0-9, then A-Z. */
export function alphanumericOf(value: number): string {
  return CHARACTERS.charAt(value);
}

/** The value of a code unit: 0-9 as 0 to 9, A-Z as 10 to 35, anything else -1. */
export function alphanumericValueOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  if (unit >= 0x41 && unit <= 0x5a) return unit - 0x41 + 10;
  return -1;
}

/** The MOD 37,36 check character of a text of digits and upper-case letters, as used by GRid and ISAN. */
export function checkCharacterOfText(text: string): Parsed<string> {
  let carry = MODULUS_ALPHANUMERIC;
  for (let i = 0; i < text.length; i++) {
    const value = alphanumericValueOf(text.charCodeAt(i));
    if (value < 0) {
      return refused(fault({ field: "text", at: i, expected: "digits and upper-case letters", got: text }));
    }
    carry = advanceHybrid(MODULUS_ALPHANUMERIC, carry, value);
  }
  return parsed(alphanumericOf(closeHybrid(MODULUS_ALPHANUMERIC, carry)));
}

/** The check character, 0-9 or X, of a text of digits in the pure system MOD 11-2, as used by GB 11643 and ISNI. */
export function checkCharacterOfDigits(digits: string): string {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) sum = ((sum + digits.charCodeAt(at) - 0x30) * 2) % 11;
  return "0123456789X".charAt((12 - sum) % 11);
}
