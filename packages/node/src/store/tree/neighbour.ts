import { firstDifferingBit, type StateKey } from "@cityroot/core/state/key";
import type { UpperTree } from "./upper.ts";

/** Entries of one page, in order of key. */
export type PageEntries = {
  readonly count: number;
  readonly keyAt: (index: number) => StateKey;
  /** Index of a key's entry; where it has none, the complement (`~index`) of the first one that is not below it. */
  readonly find: (key: StateKey) => number;
};

/** A place in a page. */
export type Found<P> = { readonly number: number; readonly page: P; readonly at: number };

/**
 * The entry right before (or after) a key, whether the key has one or not; undefined at the edge of the tree.
 * `number` is the page where the key belongs, and `pageAt` reads pages.
 */
export function neighbourOf<P extends PageEntries>(
  upper: UpperTree,
  pageAt: (number: number) => P,
  number: number,
  key: StateKey,
  after: boolean,
): Found<P> | undefined {
  const edge = (number: number, last: boolean): Found<P> | undefined => {
    if (number < 0) return undefined;
    const page = pageAt(number);
    return { number, page, at: last ? page.count - 1 : 0 };
  };
  const page = pageAt(number);
  const at = page.find(key);
  const index = after ? (at < 0 ? ~at : at + 1) : (at < 0 ? ~at : at) - 1;
  if (at < 0) {
    const first = page.keyAt(0);
    const bit = firstDifferingBit(first, key);
    if (bit < upper.bitAbove(number)) {
      // The key lies outside all that hangs at this place: on its near side, its edge is the neighbour.
      const place = upper.placeBelow(number, bit);
      if (key < first === after) return edge(upper.edgePage(place, !after), !after);
      return edge(upper.neighbourPage(place, after), !after);
    }
  }
  if (index >= 0 && index < page.count) return { number, page, at: index };
  return edge(upper.neighbourPage(~number, after), !after);
}
