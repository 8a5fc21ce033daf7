import type { CborValue } from "../cbor.ts";
import {
  firstDifferingBit,
  keyFromBytes,
  keyToBytes,
  STATE_KEY_BITS_MAX,
  type StateKey,
} from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import { stateLeafHash } from "./leaf.ts";
import { joinSubtrees } from "./trie.ts";

/**
 * Proof that some entries stand next to one another in the state tree: nothing lies between two of them. One entry is
 * a proof of inclusion; two neighbours around a key are a proof of its absence; all entries of a subtree with both
 * neighbours are a complete list. Spec §5.9.
 *
 * `path` holds the subtrees to the left of the first and to the right of the last entry, deepest first, 34 bytes each:
 * two bytes `2 * bit + side` (side 0 left, 1 right), highest byte first, then the subtree's hash. Below the place
 * where a run's two ends part, both sides can have a subtree at the same bit: there the left one stands first.
 *
 * Nothing rests on the bits being true: they say how the subtrees hang together, and whatever they say, entries side
 * by side under the root are neighbours in the tree.
 */
export type Run = { readonly entries: readonly StateEntry[]; readonly path: Uint8Array };

/** Length of one step of a path, in bytes. */
export const STEP_BYTES = 34;

/** What a run's path says beside the root. */
export type RunEdges = {
  readonly root: Uint8Array;
  /** Nothing in the tree lies before the first entry. */
  readonly startsTree: boolean;
  /** Nothing in the tree lies after the last entry. */
  readonly endsTree: boolean;
};

/** The state root that a run leads to; undefined when it is malformed. The caller compares the root. */
export function rootOfRun(run: Run): RunEdges | undefined {
  const { entries, path } = run;
  if (entries.length === 0 || path.length % STEP_BYTES !== 0) return undefined;
  const left: { readonly bit: number; readonly hash: Uint8Array }[] = [];
  const right: typeof left = [];
  let limit = 2 * STATE_KEY_BITS_MAX;
  for (let at = 0; at < path.length; at += STEP_BYTES) {
    const head = path[at]! * 256 + path[at + 1]!;
    // Deepest first, of two at one bit the left one first, and no two at one bit of one side: one order for each run.
    const order = head ^ 1;
    if (order >= limit) return undefined;
    limit = order;
    (head % 2 === 0 ? left : right).push({ bit: head >> 1, hash: path.subarray(at + 2, at + STEP_BYTES) });
  }
  const joiner = joinSubtrees();
  // A subtree's bit is where it parts from its neighbour towards the run, so the left ones hand theirs on.
  let bit = 0;
  for (let at = left.length - 1; at >= 0; at--) {
    joiner.add(left[at]!.hash, bit);
    bit = left[at]!.bit;
  }
  for (let at = 0; at < entries.length; at++) {
    const { key, value } = entries[at]!;
    if (at > 0) {
      const before = entries[at - 1]!.key;
      if (before >= key) return undefined;
      bit = firstDifferingBit(before, key);
    }
    joiner.add(stateLeafHash(key, value), bit);
  }
  for (const step of right) joiner.add(step.hash, step.bit);
  const root = joiner.root();
  return root === undefined
    ? undefined
    : { root, startsTree: left.length === 0, endsTree: right.length === 0 };
}

/** Whether a run shows that a key has no entry: its neighbours stand side by side. Spec §5.9. */
export function showsAbsence(run: Run, edges: RunEdges, key: StateKey): boolean {
  const { entries } = run;
  for (let at = 0; at <= entries.length; at++) {
    const before = entries[at - 1];
    const after = entries[at];
    const fromBefore = before === undefined ? edges.startsTree : before.key < key;
    const toAfter = after === undefined ? edges.endsTree : key < after.key;
    if (fromBefore && toAfter) return true;
  }
  return false;
}

/** CBOR form of a run: `[[[key, value], ...], path]`. */
export function runToCbor(run: Run): CborValue {
  return [run.entries.map(({ key, value }) => [keyToBytes(key), value]), run.path];
}

/** A run of its CBOR form; undefined when it is none. */
export function runFromCbor(value: CborValue | undefined): Run | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [pairs, path] = value as CborValue[];
  if (!Array.isArray(pairs) || !(path instanceof Uint8Array)) return undefined;
  const entries: StateEntry[] = [];
  for (const pair of pairs as CborValue[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return undefined;
    const [keyBytes, bytes] = pair as CborValue[];
    if (!(keyBytes instanceof Uint8Array) || !(bytes instanceof Uint8Array)) return undefined;
    const key = keyFromBytes(keyBytes);
    if (key === undefined) return undefined;
    entries.push({ key, value: bytes });
  }
  return { entries, path };
}
