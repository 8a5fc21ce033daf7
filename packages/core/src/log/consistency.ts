import { assert } from "../assert.ts";
import { HASH_BYTES } from "../hash.ts";
import { equalBytes } from "../hex.ts";
import {
  emptyRoot,
  type HashAt,
  type LogNode,
  nodeHash,
  PROOF_HASHES_MAX,
  peaksOf,
  readSubtreeRoot,
  splitOf,
} from "./tree.ts";

/**
 * That the log of `newSize` leaves begins with the log of `oldSize` leaves: `path` holds the hashes, 32 bytes each,
 * from which both roots follow. RFC 6962 §2.1.2. Empty when the sizes are equal or the old log was empty.
 */
export type ConsistencyProof = {
  readonly oldSize: number;
  readonly newSize: number;
  readonly path: readonly Uint8Array[];
};

/** Makes the proof from the tree's complete subtrees; `oldSize` is at most `newSize`, which the caller has checked. */
export function proveConsistency(hashAt: HashAt, oldSize: number, newSize: number): ConsistencyProof {
  const path = subtreesOf(oldSize, newSize).map(([begin, end]) => readSubtreeRoot(hashAt, begin, end));
  return { oldSize, newSize, path };
}

/** The complete subtrees that {@link proveConsistency} reads, so that they can be fetched beforehand. */
export function consistencyNodes(oldSize: number, newSize: number): LogNode[] {
  return subtreesOf(oldSize, newSize).flatMap(([begin, end]) => peaksOf(begin, end));
}

/**
 * Whether the proof leads to both roots. RFC 9162 §2.1.4.2; an empty log is consistent with every log, and its root is
 * that of no leaves (C2SP tlog-witness, add-checkpoint). The proof may come from anyone: whatever its numbers and
 * lengths are, this gives a verdict.
 */
export function verifyConsistency(
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  proof: ConsistencyProof,
): boolean {
  if (!isMeasured(oldRoot, newRoot, proof)) return false;
  const { oldSize, newSize, path } = proof;
  if (newSize === 0 && !equalBytes(newRoot, emptyRoot())) return false;
  if (oldSize === newSize) return path.length === 0 && equalBytes(oldRoot, newRoot);
  if (oldSize === 0) return path.length === 0 && equalBytes(oldRoot, emptyRoot());
  if (path.length === 0) return false;
  // The old root is itself the first hash when it is a complete subtree of the new tree.
  const roots = rootsFrom(isCompleteSubtree(oldSize) ? [oldRoot, ...path] : path, oldSize, newSize);
  return roots !== undefined && equalBytes(roots.old, oldRoot) && equalBytes(roots.new, newRoot);
}

/**
 * Whether the proof leads to the new root, and from there to another old root than this one: who signed both roots
 * signed two histories. A proof that leads nowhere shows nothing, since anyone can make one; nor does one from a size
 * that is a power of two, which holds no old root of its own. RFC 9162 §2.1.4.2. The proof may come from anyone.
 */
export function showsOtherBeginning(
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  proof: ConsistencyProof,
): boolean {
  if (!isMeasured(oldRoot, newRoot, proof)) return false;
  const { oldSize, newSize, path } = proof;
  if (oldSize === 0 || oldSize === newSize || path.length === 0 || isCompleteSubtree(oldSize)) return false;
  const roots = rootsFrom(path, oldSize, newSize);
  return roots !== undefined && equalBytes(roots.new, newRoot) && !equalBytes(roots.old, oldRoot);
}

/** Whether numbers and lengths are such as a proof can have. */
function isMeasured(oldRoot: Uint8Array, newRoot: Uint8Array, proof: ConsistencyProof): boolean {
  const { oldSize, newSize, path } = proof;
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(newSize)) return false;
  if (oldSize < 0 || oldSize > newSize || path.length > PROOF_HASHES_MAX) return false;
  return [oldRoot, newRoot, ...path].every((hash) => hash.length === HASH_BYTES);
}

function isCompleteSubtree(size: number): boolean {
  return peaksOf(0, size).length === 1;
}

/** The roots to which hashes lead, at least one; undefined when they are too few or too many for the sizes. */
function rootsFrom(
  hashes: readonly Uint8Array[],
  oldSize: number,
  newSize: number,
): { readonly old: Uint8Array; readonly new: Uint8Array } | undefined {
  let oldLast = oldSize - 1;
  let newLast = newSize - 1;
  while (oldLast % 2 === 1) {
    oldLast = (oldLast - 1) / 2;
    newLast = Math.floor(newLast / 2);
  }
  let oldHash = hashes[0]!;
  let newHash = hashes[0]!;
  for (const sibling of hashes.slice(1)) {
    if (newLast === 0) return undefined;
    if (oldLast % 2 === 1 || oldLast === newLast) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
      while (oldLast % 2 === 0 && oldLast !== 0) {
        oldLast /= 2;
        newLast = Math.floor(newLast / 2);
      }
    } else {
      newHash = nodeHash(newHash, sibling);
    }
    oldLast = Math.floor(oldLast / 2);
    newLast = Math.floor(newLast / 2);
  }
  return newLast === 0 ? { old: oldHash, new: newHash } : undefined;
}

/** PROOF(m, D[n]) of RFC 6962 §2.1.2 as ranges of leaves, from the lowest up. */
function subtreesOf(oldSize: number, newSize: number): [begin: number, end: number][] {
  assert(Number.isSafeInteger(oldSize) && Number.isSafeInteger(newSize), "sizes are whole numbers");
  assert(0 <= oldSize && oldSize <= newSize, "the old log is no longer than the new");
  const subtrees: [number, number][] = [];
  if (oldSize === 0) return subtrees;
  let begin = 0;
  let end = newSize;
  while (end > oldSize) {
    const middle = begin + splitOf(end - begin);
    if (oldSize <= middle) {
      subtrees.push([middle, end]);
      end = middle;
    } else {
      subtrees.push([begin, middle]);
      begin = middle;
    }
  }
  // The old log's root is known to the verifier, unless this is only its rightmost part.
  if (begin > 0) subtrees.push([begin, end]);
  return subtrees.reverse();
}
