import type { PreparedName } from "./prepared.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What the lower of two levels of divisions says for the other. */
const WITHIN_LIKENESS = 900;

/**
 * How alike two places are, in thousandths; undefined where one is a code and the other a name. A province and a city of it
 * are nearly alike: one list is only less exact. Symmetric.
 */
export function placeLikeness(
  a: PreparedName,
  b: PreparedName,
  { weights, pool }: Pick<Vocabulary, "weights" | "pool">,
): number | undefined {
  if (a.text === b.text) return 1000;
  const [codeA, codeB] = [divisionDigits(a.text), divisionDigits(b.text)];
  if ((codeA === undefined) !== (codeB === undefined)) return undefined;
  if (codeA !== undefined && codeB !== undefined) {
    if (codeA === codeB) return 1000;
    return codeA.startsWith(codeB) || codeB.startsWith(codeA) ? WITHIN_LIKENESS : 0;
  }
  let both = 0;
  const [left, right] = [a.tokens, b.tokens];
  for (let i = left.from, j = right.from; i < left.to && j < right.to; ) {
    const [x, y] = [pool[i]!, pool[j]!];
    if (x === y) both += weights[x]!;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  if (left.weight === right.weight && both === left.weight) return 1000;
  return Math.floor((WITHIN_LIKENESS * both) / Math.min(left.weight, right.weight));
}

/** The digits of a division's code without the zeros that stand for levels below; undefined where it is no code. */
function divisionDigits(text: string): string | undefined {
  const plain = text.normalize("NFKC").trim();
  if (!/^\d{2,12}$/.test(plain)) return undefined;
  let end = plain.length;
  while (end > 2 && plain.endsWith("00", end)) end -= 2;
  return plain.slice(0, end);
}
