import { hashPair } from "../hash.ts";
import { firstDifferingBit } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import { stateLeafHash } from "./leaf.ts";

/**
 * Joins neighbouring subtrees into one. The state tree is a crit-bit trie: two neighbours part at the first bit in
 * which their keys differ, and the lower that bit, the nearer to the root they part. So the shape follows from the
 * bits between neighbours alone. Spec §5.8.
 */
export type Joiner = {
  /** Adds the next subtree to the right; `bit` is where it parts from the one before, and is ignored for the first. */
  readonly add: (hash: Uint8Array, bit: number) => void;
  /** The root over all that was added; undefined when nothing was, or two neighbours part at the same bit. */
  readonly root: () => Uint8Array | undefined;
};

/** A joiner that holds nothing yet. */
export function joinSubtrees(): Joiner {
  const hashes: Uint8Array[] = [];
  const bits: number[] = [];
  let sound = true;
  const joinLast = (): void => {
    const right = hashes.pop()!;
    bits.pop();
    hashes.push(hashPair(hashes.pop()!, right));
  };
  return {
    add: (hash, bit) => {
      if (hashes.length > 0) {
        while (bits.length > 0 && bits[bits.length - 1]! > bit) joinLast();
        if (bits[bits.length - 1] === bit) sound = false;
        bits.push(bit);
      }
      hashes.push(hash);
    },
    root: () => {
      while (bits.length > 0) joinLast();
      return sound ? hashes[0] : undefined;
    },
  };
}

/** State root over all entries, in strictly ascending order of key; undefined for none. Spec §5.8. */
export function stateRootOf(entries: readonly StateEntry[]): Uint8Array | undefined {
  const joiner = joinSubtrees();
  for (let at = 0; at < entries.length; at++) {
    const { key, value } = entries[at]!;
    const bit = at === 0 ? 0 : firstDifferingBit(entries[at - 1]!.key, key);
    joiner.add(stateLeafHash(key, value), bit);
  }
  return joiner.root();
}
