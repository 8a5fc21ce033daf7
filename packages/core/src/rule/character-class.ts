/**
 * The classes of characters that a node may be made of, each a part of the next. `bits` is the mask of a class in
 * {@link CLASS_BITS}; `one` and `many` name its characters. Spec §11.2.
 */
export const CHARACTER_CLASSES = {
  d: { bits: 1, one: "digit", many: "digits" },
  u: { bits: 2, one: "digit or upper case letter", many: "digits or upper case letters" },
  a: { bits: 4, one: "digit or letter", many: "digits or letters" },
  n: { bits: 8, one: 'digit, letter, "-" or "_"', many: 'digits, letters, "-" or "_"' },
} as const;

/** Name of a class of characters. */
export type CharacterClass = keyof typeof CHARACTER_CLASSES;

/** For every ASCII character, the bits of the classes that hold it. */
export const CLASS_BITS: Uint8Array = markClasses();

function markClasses(): Uint8Array {
  const { d, u, a, n } = CHARACTER_CLASSES;
  const bits = new Uint8Array(128);
  bits.fill(d.bits | u.bits | a.bits | n.bits, 0x30, 0x3a);
  bits.fill(u.bits | a.bits | n.bits, 0x41, 0x5b);
  bits.fill(a.bits | n.bits, 0x61, 0x7b);
  bits[0x2d] = n.bits;
  bits[0x5f] = n.bits;
  return bits;
}

/** Whether a UTF-16 code unit is of the class; NaN, which stands for no unit, is of none. */
export function isOfClass(unit: number, characters: CharacterClass): boolean {
  return unit < 128 && (CLASS_BITS[unit]! & CHARACTER_CLASSES[characters].bits) !== 0;
}

/** Whether all characters of a text are of the class. */
export function isAllOfClass(text: string, characters: CharacterClass): boolean {
  for (let at = 0; at < text.length; at++) if (!isOfClass(text.charCodeAt(at), characters)) return false;
  return true;
}

/** Whether every character of the class `part` is of the class `whole` too. */
export function isWithinClass(part: CharacterClass, whole: CharacterClass): boolean {
  return CHARACTER_CLASSES[part].bits <= CHARACTER_CLASSES[whole].bits;
}
