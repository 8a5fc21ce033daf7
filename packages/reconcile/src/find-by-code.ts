import type { KnownCode, Prepared, Side } from "./prepared.ts";

/** Codes that more rows of a list have, or contain, say of which group a row is, not which row it is. */
const ROWS_OF_CODE_MAX = 64;

/** Rows of each list, by what they have: a code itself, or within another. */
type Holders = { readonly [side in Side]: { readonly have: number[]; readonly contain: number[] } };

/** Tells the pairs of rows that a code brings together: the same one, one within the other, or the same characters. */
export function findByCode({ left, right }: Prepared, found: (left: number, right: number) => void): void {
  const byCode = new Map<KnownCode, Holders>();
  const byValue = new Map<string, Holders>();
  const sides = { left, right };
  for (const side of ["left", "right"] as const) {
    for (const [number, { codes, contained }] of sides[side].entries()) {
      for (const code of codes) {
        holdersOf(byCode, code)[side].have.push(number);
        holdersOf(byValue, code.value)[side].have.push(number);
      }
      for (const code of contained) holdersOf(byCode, code)[side].contain.push(number);
    }
  }
  const pair = (as: readonly number[], bs: readonly number[]): void => {
    if (as.length > ROWS_OF_CODE_MAX || bs.length > ROWS_OF_CODE_MAX) return;
    for (const a of as) for (const b of bs) found(a, b);
  };
  for (const { left: a, right: b } of byCode.values()) {
    pair(a.have, b.have);
    pair(a.contain, b.have);
    pair(a.have, b.contain);
  }
  for (const { left: a, right: b } of byValue.values()) pair(a.have, b.have);
}

function holdersOf<K>(map: Map<K, Holders>, key: K): Holders {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made: Holders = { left: { have: [], contain: [] }, right: { have: [], contain: [] } };
  map.set(key, made);
  return made;
}
