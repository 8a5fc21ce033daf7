import { DIGITS, DIGITS_AND_CAPITALS } from "../systems/characters.ts";

/** Characters of most values: the invariant part of ISO/IEC 646 without the space. GS1 General Specifications, 7.11. */
export const CHARACTER_SET_82: string = `!"%&'()*+,-./${DIGITS}:;<=>?${DIGITS_AND_CAPITALS.slice(10)}_abcdefghijklmnopqrstuvwxyz`;

/** Characters of component and part identifiers. GS1 General Specifications, 7.11. */
export const CHARACTER_SET_39: string = `#-/${DIGITS_AND_CAPITALS}`;

/** Characters of check character pairs, each worth its index: no 0, 1, I and O. GS1 General Specifications, 7.9.5. */
export const CHARACTER_SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Characters of base64 as it stands in addresses, without the padding. RFC 4648, 5. */
export const CHARACTER_SET_64: string = `-${DIGITS_AND_CAPITALS}_abcdefghijklmnopqrstuvwxyz`;
