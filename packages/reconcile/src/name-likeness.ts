import type { PreparedName } from "./prepared.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { type Word, wordLikeness } from "./word-likeness.ts";

/** How alike two names are. */
export type NameLikeness = {
  /** In thousandths. */
  readonly likeness: number;
  /** Whether each has a number that the other has not: house 3 is not house 5. */
  readonly numbersDiffer: boolean;
};

/** Compares names of one vocabulary. */
export type NameComparer = (a: PreparedName, b: PreparedName) => NameLikeness;

/** Most words of a name that are looked at for being misspelt. */
const REST_MAX = 12;
/** Pairs of words whose likeness is remembered. */
const MEMORY_MAX = 400_000;

/** Comes after every token. */
const NO_TOKEN = 0x7fff_ffff;

type WordPair = { readonly a: number; readonly b: number; readonly gain: number };

/**
 * Makes a comparer: the weights of the tokens that both names have, as a part of all their weights; words that are nearly
 * the same count in part. The order of the words does not matter, nor which name comes first.
 */
export function nameComparer({ texts, kinds, weights, pool }: Vocabulary): NameComparer {
  const words = texts.map((text): Word => {
    const isCut = text.endsWith(".");
    return { text: isCut ? text.slice(0, -1) : text, isCut };
  });
  let memory = new Map<number, number>();
  const likenessOf = (a: number, b: number): number => {
    const key = a < b ? a * texts.length + b : b * texts.length + a;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const likeness = wordLikeness(words[a]!, words[b]!);
    if (memory.size >= MEMORY_MAX) memory = new Map();
    memory.set(key, likeness);
    return likeness;
  };
  const restA: number[] = [];
  const restB: number[] = [];
  return (a, b) => {
    restA.length = 0;
    restB.length = 0;
    let both = 0;
    let numbersOfA = false;
    let numbersOfB = false;
    const [left, right] = [a.tokens, b.tokens];
    for (let i = left.from, j = right.from; i < left.to || j < right.to; ) {
      const x = i < left.to ? pool[i]! : NO_TOKEN;
      const y = j < right.to ? pool[j]! : NO_TOKEN;
      if (x === y) {
        both += 2 * weights[x]!;
        i++;
        j++;
      } else if (x < y) {
        if (kinds[x] === "number") numbersOfA = true;
        else if (kinds[x] === "word") restA.push(x);
        i++;
      } else {
        if (kinds[y] === "number") numbersOfB = true;
        else if (kinds[y] === "word") restB.push(y);
        j++;
      }
    }
    if (restA.length > 0 && restB.length > 0) both += nearlyEqual(restA, restB, weights, likenessOf);
    const all = left.weight + right.weight;
    const likeness = all === 0 ? 0 : Math.min(1000, Math.floor((1000 * both) / all));
    return { likeness, numbersDiffer: numbersOfA && numbersOfB };
  };
}

/** What words that only one name has add, each paired with the one of the other name that it is most like. */
function nearlyEqual(
  restA: readonly number[],
  restB: readonly number[],
  weights: Int32Array,
  likenessOf: (a: number, b: number) => number,
): number {
  const pairs: WordPair[] = [];
  for (const a of restA.slice(0, REST_MAX)) {
    for (const b of restB.slice(0, REST_MAX)) {
      const likeness = likenessOf(a, b);
      if (likeness === 0) continue;
      pairs.push({ a, b, gain: Math.floor((likeness * (weights[a]! + weights[b]!)) / 1000) });
    }
  }
  if (pairs.length > 1) pairs.sort(byGain);
  let sum = 0;
  const used = new Set<number>();
  for (const { a, b, gain } of pairs) {
    if (used.has(a) || used.has(b)) continue;
    used.add(a);
    used.add(b);
    sum += gain;
  }
  return sum;
}

/** The greatest gain first; of equal ones the lower numbers of tokens, whichever name they are of. */
function byGain(x: WordPair, y: WordPair): number {
  return (
    y.gain - x.gain || Math.min(x.a, x.b) - Math.min(y.a, y.b) || Math.max(x.a, x.b) - Math.max(y.a, y.b)
  );
}
