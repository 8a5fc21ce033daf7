/** Which characters a text has: a bit for each of ASCII, and one for all others. */
export type CharacterSet = Uint32Array;

const WORDS = 5;
/** Stands for every character that is not of ASCII. */
const OTHER = 128;

/** Every character. */
export const ALL_CHARACTERS: CharacterSet = new Uint32Array(WORDS).fill(-1);

/** The characters of a text. */
export function characterSetOf(text: string): CharacterSet {
  const set = new Uint32Array(WORDS);
  for (let at = 0; at < text.length; at++) {
    const unit = Math.min(text.charCodeAt(at), OTHER);
    set[unit >>> 5]! |= 1 << (unit & 31);
  }
  return set;
}

/** Whether all characters of one set are in another. */
export function isSubset(set: CharacterSet, of: CharacterSet): boolean {
  for (let word = 0; word < WORDS; word++) if ((set[word]! & ~of[word]!) !== 0) return false;
  return true;
}

/** Whether two sets have a character in common. */
export function meets(set: CharacterSet, other: CharacterSet): boolean {
  for (let word = 0; word < WORDS; word++) if ((set[word]! & other[word]!) !== 0) return true;
  return false;
}

/** The characters of two sets. */
export function union(set: CharacterSet, other: CharacterSet): CharacterSet {
  return set.map((word, at) => word | other[at]!);
}

/** The characters of one set that are not in another. */
export function without(set: CharacterSet, other: CharacterSet): CharacterSet {
  return set.map((word, at) => word & ~other[at]!);
}
