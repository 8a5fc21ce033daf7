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
  // Written out: it is asked some fifty times for each text that is identified.
  return (
    (set[0]! & ~of[0]!) === 0 &&
    (set[1]! & ~of[1]!) === 0 &&
    (set[2]! & ~of[2]!) === 0 &&
    (set[3]! & ~of[3]!) === 0 &&
    (set[4]! & ~of[4]!) === 0
  );
}

/** Whether two sets have a character in common. */
export function meets(set: CharacterSet, other: CharacterSet): boolean {
  const low = (set[0]! & other[0]!) | (set[1]! & other[1]!) | (set[2]! & other[2]!);
  return (low | (set[3]! & other[3]!) | (set[4]! & other[4]!)) !== 0;
}

/** The characters of two sets. */
export function union(set: CharacterSet, other: CharacterSet): CharacterSet {
  return set.map((word, at) => word | other[at]!);
}
