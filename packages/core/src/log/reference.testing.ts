import { utf8ToBytes } from "@noble/hashes/utils.js";
import { emptyRoot, type HashAt, leafHash, nodeHash } from "./tree.ts";

/** Leaf hashes of a log of `size` entries that all differ. */
export function someLeaves(size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, at) => leafHash(utf8ToBytes(`entry ${at}`)));
}

/** The bytes with one bit turned. */
export function turnBit(bytes: Uint8Array, bit: number): Uint8Array {
  const turned = bytes.slice();
  turned[bit >> 3]! ^= 1 << (bit & 7);
  return turned;
}

/**
 * RFC 6962 §2.1 written down as it stands, recursively: what the tests hold the code against. Leaves are given by
 * their range; roots are remembered, so that all sizes can be tried.
 */
export class ReferenceTree {
  readonly #leaves: readonly Uint8Array[];
  readonly #roots = new Map<string, Uint8Array>();

  constructor(leaves: readonly Uint8Array[]) {
    this.#leaves = leaves;
  }

  /** MTH(D[begin:end]). RFC 6962 §2.1. */
  root(begin: number, end: number): Uint8Array {
    if (begin === end) return emptyRoot();
    if (end - begin === 1) return this.#leaves[begin]!;
    const name = `${begin}:${end}`;
    const known = this.#roots.get(name);
    if (known !== undefined) return known;
    const k = begin + split(end - begin);
    const root = nodeHash(this.root(begin, k), this.root(k, end));
    this.#roots.set(name, root);
    return root;
  }

  /** PATH(m, D[begin:end]), with m counted from 0 in the whole log. RFC 6962 §2.1.1. */
  path(m: number, begin: number, end: number): Uint8Array[] {
    if (end - begin === 1) return [];
    const k = begin + split(end - begin);
    return m < k
      ? [...this.path(m, begin, k), this.root(k, end)]
      : [...this.path(m, k, end), this.root(begin, k)];
  }

  /** SUBPROOF(m, D[begin:end], whole); PROOF(m, D[n]) is the one with `whole` true. RFC 6962 §2.1.2. */
  subproof(m: number, begin: number, end: number, whole: boolean): Uint8Array[] {
    if (m === end) return whole ? [] : [this.root(begin, end)];
    const k = begin + split(end - begin);
    return m <= k
      ? [...this.subproof(m, begin, k, whole), this.root(k, end)]
      : [...this.subproof(m, k, end, false), this.root(begin, k)];
  }

  /** Reads complete subtrees. */
  readonly hashAt: HashAt = (level, index) => this.root(index * 2 ** level, (index + 1) * 2 ** level);
}

function split(width: number): number {
  let k = 1;
  while (2 * k < width) k *= 2;
  return k;
}
