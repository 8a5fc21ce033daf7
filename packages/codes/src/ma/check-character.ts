import { upperUnit } from "../ascii.ts";
import type { Parsed } from "../fault.ts";
import {
  advanceHybrid,
  alphanumericOf,
  alphanumericValueOf,
  closeHybrid,
  MODULUS_ALPHANUMERIC,
} from "../iso7064.ts";
import { type Code, parseCode } from "./code.ts";

/**
 * The check character, 0-9 or A-Z, that protects a whole code against mistyping: ISO/IEC 7064 MOD 37,36 over
 * all its letters and digits from `MA` on. Its use in MA codes is our choice, switched on by the rule of a prefix. Spec §2.7.
 *
 * - Separators, "-" and "_" are skipped, as the standard ignores special characters (ISO/IEC 7064:2003, 1.1).
 * - Letters count as upper case, for this sum only: codes that differ in case alone have the same check.
 *
 * Detected: every single wrong letter or digit (other than its case), also in the check character itself; every
 * swap of two neighbouring characters, unless their values follow each other (1 and 2, A and B, 0 and Z): of
 * those 1 in 36 is missed, which is 1 in 630 of all swaps of unlike characters, 1 in 180 among digits only.
 * Not detected: wrong case, a moved, added or lost separator, "-" or "_" (the grammar finds some of them).
 */
export function checkCharacterOf(code: Code): string {
  return alphanumericOf(checkValueOf(code, code.length));
}

/**
 * The code with its check character put at the end of the last node. Refused where that node has no room for
 * it, as a country, use or category.
 */
export function addCheckCharacter(code: Code): Parsed<Code> {
  return parseCode(code + checkCharacterOf(code));
}

/**
 * Whether the last character of the last node is the check character, in upper case, of all before it. Says
 * nothing of a code whose rule asks for no check character: 1 in 36 passes by chance.
 */
export function verifyCheckCharacter(code: Code): boolean {
  const last = code.length - 1;
  return alphanumericValueOf(code.charCodeAt(last)) === checkValueOf(code, last);
}

function checkValueOf(code: Code, end: number): number {
  let carry = MODULUS_ALPHANUMERIC;
  for (let i = 0; i < end; i++) {
    const value = alphanumericValueOf(upperUnit(code.charCodeAt(i)));
    if (value >= 0) carry = advanceHybrid(MODULUS_ALPHANUMERIC, carry, value);
  }
  return closeHybrid(MODULUS_ALPHANUMERIC, carry);
}
