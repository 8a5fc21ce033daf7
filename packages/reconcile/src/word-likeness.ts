/** Likeness of two words of which one begins the other, in thousandths: an abbreviation with its full stop, and without. */
const CUT_LIKENESS = 850;
const BEGINNING_LIKENESS = 700;
/** Fewest letters of a beginning that has no full stop after it. */
const BEGINNING_MIN = 3;
/** Likeness lost with the first misspelt letter of a word, and with the second, in thousandths of the word's length. */
const LETTER_COST = 900;
/** Words shorter than this are not taken for misspelt, and longer ones may have two letters wrong. */
const MISSPELT_MIN = 4;
const MISSPELT_TWICE_MIN = 8;

/** A word, and whether it ended in a full stop. */
export type Word = { readonly text: string; readonly isCut: boolean };

/** How alike two different words are, in thousandths: 0 where they are others. Symmetric. */
export function wordLikeness(a: Word, b: Word): number {
  const [short, long] = a.text.length <= b.text.length ? [a, b] : [b, a];
  if (long.text.startsWith(short.text)) {
    if (short.isCut) return CUT_LIKENESS;
    if (short.text.length >= BEGINNING_MIN) return BEGINNING_LIKENESS;
  }
  if (short.text.length < MISSPELT_MIN) return 0;
  const errorsMax = long.text.length >= MISSPELT_TWICE_MIN ? 2 : 1;
  const errors = countErrors(short.text, long.text, errorsMax);
  if (errors > errorsMax) return 0;
  return 1000 - Math.floor((LETTER_COST * errors) / short.text.length);
}

const rows: [Int32Array, Int32Array, Int32Array] = [
  new Int32Array(258),
  new Int32Array(258),
  new Int32Array(258),
];

/**
 * Letters to put in, leave out, exchange or swap with their neighbour to make one word of the other (optimal string
 * alignment); anything above `errorsMax` where it is more. Texts of at most 256 code units.
 */
export function countErrors(a: string, b: string, errorsMax: number): number {
  if (Math.abs(a.length - b.length) > errorsMax) return errorsMax + 1;
  let [before, above, here] = rows;
  for (let at = 0; at <= b.length; at++) above[at] = at;
  for (let i = 1; i <= a.length; i++) {
    here[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const isSame = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let errors = Math.min(above[j]! + 1, here[j - 1]! + 1, above[j - 1]! + (isSame ? 0 : 1));
      const isSwap =
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (isSwap) errors = Math.min(errors, before[j - 2]! + 1);
      here[j] = errors;
      if (errors < least) least = errors;
    }
    if (least > errorsMax) return errorsMax + 1;
    [before, above, here] = [above, here, before];
  }
  return Math.min(above[b.length]!, errorsMax + 1);
}
