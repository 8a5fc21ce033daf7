import { hashPair } from "../hash.ts";
import { firstDifferingBit } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import { stateLeafHash } from "./leaf.ts";
import { type Run, STEP_BYTES } from "./run.ts";

/** A subtree over the entries `from` to `to`, both inclusive; `bit` is where its halves part, unset in a leaf. */
type Subtree = {
  readonly from: number;
  to: number;
  readonly bit: number;
  readonly left?: Subtree;
  right?: Subtree;
  hash?: Uint8Array;
};

/** A state tree held whole, so that runs are read off it: quick for many entries, unlike `naiveRun`. */
export type StateTree = {
  readonly root: Uint8Array;
  /** The run of the entries `from` to `to`, both inclusive, by position. */
  readonly runOf: (from: number, to: number) => Run;
};

/** Builds the tree over entries in strictly ascending order of key, at least one. */
export function buildStateTree(entries: readonly StateEntry[]): StateTree {
  // Subtrees on the right edge, the topmost first: a new leaf takes in all that part at a higher bit.
  const edge: Subtree[] = [leafOf(0)];
  for (let at = 1; at < entries.length; at++) {
    const bit = firstDifferingBit(entries[at - 1]!.key, entries[at]!.key);
    let left = edge.pop()!;
    while (edge.length > 0 && edge[edge.length - 1]!.bit > bit) left = edge.pop()!;
    const leaf = leafOf(at);
    const node: Subtree = { from: left.from, to: at, bit, left, right: leaf };
    if (edge.length > 0) edge[edge.length - 1]!.right = node;
    edge.push(node, leaf);
  }
  const root = edge[0]!;
  const hashOf = (node: Subtree): Uint8Array => {
    if (node.left === undefined) {
      const { key, value } = entries[node.from]!;
      node.hash ??= stateLeafHash(key, value);
    } else {
      node.to = lastOf(node);
      node.hash ??= hashPair(hashOf(node.left), hashOf(node.right!));
    }
    return node.hash;
  };
  return { root: hashOf(root), runOf: (from, to) => runUnder(root, entries, from, to) };
}

function leafOf(at: number): Subtree {
  return { from: at, to: at, bit: Number.MAX_SAFE_INTEGER };
}

function lastOf(node: Subtree): number {
  let at = node;
  while (at.right !== undefined) at = at.right;
  return at.from;
}

function runUnder(root: Subtree, entries: readonly StateEntry[], from: number, to: number): Run {
  const steps: { readonly head: number; readonly hash: Uint8Array }[] = [];
  const descend = (node: Subtree): void => {
    if (node.left === undefined || (from <= node.from && node.to <= to)) return;
    const right = node.right!;
    if (right.from <= from) steps.push({ head: 2 * node.bit, hash: node.left.hash! });
    else descend(node.left);
    if (right.from > to) steps.push({ head: 2 * node.bit + 1, hash: right.hash! });
    else descend(right);
  };
  descend(root);
  steps.sort((a, b) => (b.head ^ 1) - (a.head ^ 1));
  const path = new Uint8Array(STEP_BYTES * steps.length);
  for (const [at, { head, hash }] of steps.entries()) {
    path.set([head >> 8, head & 255], STEP_BYTES * at);
    path.set(hash, STEP_BYTES * at + 2);
  }
  return { entries: entries.slice(from, to + 1), path };
}
