/** Characters of compressed addresses, six bits each. RFC 4648, 5. */
export const SIX_BIT_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CHARACTER_BITS = 6;

/** Bits that so many decimal digits take; no digits take one. */
export function bitsOfDigits(digits: number): number {
  return digits === 0 ? 1 : bitsOf(10n ** BigInt(digits) - 1n);
}

/** Bits that a number takes. */
export function bitsOf(number: number | bigint): number {
  return number.toString(2).length;
}

/** Writes a number in so many bits. */
export function toBits(number: number | bigint, width: number): string {
  return number.toString(2).padStart(width, "0");
}

/** Bits as text, with zeros at the end to fill the last character. */
export function bitsToText(bits: string): string {
  let text = "";
  for (let at = 0; at < bits.length; at += CHARACTER_BITS) {
    const value = Number.parseInt(bits.slice(at, at + CHARACTER_BITS).padEnd(CHARACTER_BITS, "0"), 2);
    text += SIX_BIT_ALPHABET.charAt(value);
  }
  return text;
}

/** The bits of a text, or `undefined` where a character is none of the alphabet. */
export function bitsFromText(text: string): string | undefined {
  let bits = "";
  for (const character of text) {
    const value = SIX_BIT_ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    bits += toBits(value, CHARACTER_BITS);
  }
  return bits;
}

/** Reads bits from left to right. Behind the end there is nothing: what is asked for there is `undefined`. */
export class BitReader {
  readonly #bits: string;
  #at = 0;

  constructor(bits: string) {
    this.#bits = bits;
  }

  /** Bits that are left. */
  get left(): number {
    return this.#bits.length - this.#at;
  }

  /** The bits that are left, unread. */
  get rest(): string {
    return this.#bits.slice(this.#at);
  }

  /** The number in the next bits. */
  number(width: number): number | undefined {
    const big = this.bigNumber(width);
    return big === undefined ? undefined : Number(big);
  }

  /** The number in the next bits, of any size. */
  bigNumber(width: number): bigint | undefined {
    if (width > this.left) return undefined;
    const bits = this.#bits.slice(this.#at, this.#at + width);
    this.#at += width;
    return BigInt(`0b${bits}`);
  }
}
