import { assert } from "../assert.ts";
import { HASH_BYTES } from "../hash.ts";
import { equalBytes } from "../hex.ts";
import {
  type HashAt,
  type LogFrontier,
  type LogNode,
  nodeHash,
  PROOF_HASHES_MAX,
  peaksOf,
  readSubtreeRoot,
  splitOf,
} from "./tree.ts";

/**
 * That the leaf at `index`, from 0, is in the log of `size` leaves: `path` holds the hashes, 32 bytes each, that lead
 * from the leaf to the root. RFC 6962 §2.1.1.
 */
export type InclusionProof = {
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
};

/** Makes the proof from a tree's complete subtrees; `index` is below `size`, which the caller has checked. */
export function proveInclusion(hashAt: HashAt, index: number, size: number): InclusionProof {
  const path = siblingsOf(index, size).map(([begin, end]) => readSubtreeRoot(hashAt, begin, end));
  return { index, size, path };
}

/**
 * The path of the leaf that comes right after `before`, in the tree that it ends: the peaks, smallest first, so that
 * nothing has to be read. RFC 6962 §2.1.1.
 */
export function pathOfNext(before: LogFrontier): readonly Uint8Array[] {
  return [...before.peaks].reverse();
}

/** The complete subtrees that {@link proveInclusion} reads, so that they can be fetched beforehand. */
export function inclusionNodes(index: number, size: number): LogNode[] {
  return siblingsOf(index, size).flatMap(([begin, end]) => peaksOf(begin, end));
}

/**
 * Whether the proof leads from the leaf (its hash) to the root. RFC 9162 §2.1.3.2. The proof may come from anyone:
 * whatever its numbers and lengths are, this gives a verdict.
 */
export function verifyInclusion(leaf: Uint8Array, proof: InclusionProof, root: Uint8Array): boolean {
  const { index, size, path } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return false;
  if (index < 0 || index >= size || leaf.length !== HASH_BYTES || path.length > PROOF_HASHES_MAX)
    return false;
  let hash = leaf;
  let at = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0 || sibling.length !== HASH_BYTES) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      // On the right edge, the levels at which the node has no sibling are passed over.
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(hash, root);
}

/** PATH(m, D[n]) of RFC 6962 §2.1.1 as ranges of leaves, from the leaf up. */
function siblingsOf(index: number, size: number): [begin: number, end: number][] {
  assert(Number.isSafeInteger(size) && Number.isSafeInteger(index), "index and size are whole numbers");
  assert(0 <= index && index < size, "the leaf is in the log");
  const siblings: [number, number][] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    if (index < middle) {
      siblings.push([middle, end]);
      end = middle;
    } else {
      siblings.push([begin, middle]);
      begin = middle;
    }
  }
  return siblings.reverse();
}
