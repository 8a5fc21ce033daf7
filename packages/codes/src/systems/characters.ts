/** Decimal digits. */
export const DIGITS = "0123456789";
/** Capital letters of ASCII. */
export const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Digits, then capital letters. */
export const DIGITS_AND_CAPITALS: string = `${DIGITS}${CAPITALS}`;
