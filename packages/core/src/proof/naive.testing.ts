import { hashPair } from "../hash.ts";
import { firstDifferingBit, type StateKey } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import { stateLeafHash } from "./leaf.ts";
import type { Run } from "./run.ts";
import { stateRootOf } from "./trie.ts";

type Step = { readonly bit: number; readonly right: boolean; readonly hash: Uint8Array };

/** The run of entries `from` to `to` (inclusive), made by cutting the whole tree in two again and again. */
export function naiveRun(entries: readonly StateEntry[], from: number, to: number): Run {
  const steps: Step[] = [];
  const descend = (low: number, high: number): void => {
    if (high - low < 2) return;
    let cut = low + 1;
    let bit = Number.MAX_SAFE_INTEGER;
    for (let at = low + 1; at < high; at++) {
      const differing = firstDifferingBit(entries[at - 1]!.key, entries[at]!.key);
      if (differing < bit) {
        bit = differing;
        cut = at;
      }
    }
    if (from >= cut) {
      steps.push({ bit, right: false, hash: stateRootOf(entries.slice(low, cut))! });
      descend(cut, high);
    } else if (to < cut) {
      steps.push({ bit, right: true, hash: stateRootOf(entries.slice(cut, high))! });
      descend(low, cut);
    } else {
      descendEdge(low, cut, false);
      descendEdge(cut, high, true);
    }
  };
  // Below the place where the run parts, only what lies outside it on its own side is a step.
  const descendEdge = (low: number, high: number, right: boolean): void => {
    if (high - low < 2 || (low >= from && high - 1 <= to)) return;
    let cut = low + 1;
    let bit = Number.MAX_SAFE_INTEGER;
    for (let at = low + 1; at < high; at++) {
      const differing = firstDifferingBit(entries[at - 1]!.key, entries[at]!.key);
      if (differing < bit) {
        bit = differing;
        cut = at;
      }
    }
    if (right && to < cut) {
      steps.push({ bit, right: true, hash: stateRootOf(entries.slice(cut, high))! });
      descendEdge(low, cut, right);
    } else if (!right && from >= cut) {
      steps.push({ bit, right: false, hash: stateRootOf(entries.slice(low, cut))! });
      descendEdge(cut, high, right);
    } else {
      descendEdge(low, cut, right);
      descendEdge(cut, high, right);
    }
  };
  descend(0, entries.length);
  steps.sort((a, b) => b.bit - a.bit);
  const path = new Uint8Array(34 * steps.length);
  for (const [at, { bit, right, hash }] of steps.entries()) {
    const head = 2 * bit + (right ? 1 : 0);
    path[34 * at] = head >> 8;
    path[34 * at + 1] = head & 255;
    path.set(hash, 34 * at + 2);
  }
  return { entries: entries.slice(from, to + 1), path };
}

/** State root by the definition alone: cut at the lowest bit, hash both halves. */
export function naiveRoot(entries: readonly StateEntry[]): Uint8Array {
  if (entries.length === 1) return stateLeafHash(entries[0]!.key, entries[0]!.value);
  let cut = 1;
  for (let at = 2; at < entries.length; at++) {
    const here = firstDifferingBit(entries[at - 1]!.key, entries[at]!.key);
    if (here < firstDifferingBit(entries[cut - 1]!.key, entries[cut]!.key)) cut = at;
  }
  return hashPair(naiveRoot(entries.slice(0, cut)), naiveRoot(entries.slice(cut)));
}

/** A key of plain bytes, for tests that need no kind. */
export function plainKey(text: string): StateKey {
  return text as StateKey;
}
