/**
 * Why a proof was not believed. Spec §5.13. A failure says nothing of the code: a server that cannot prove its answer
 * has not shown that the answer is wrong.
 */
export const PROOF_FAILURES = [
  /** The bytes are no bundle. */
  "bundle-malformed",
  /** The checkpoint is malformed, of another log, unsigned, or below the witness policy: `detail` says which. */
  "checkpoint-refused",
  /** The log's tree does not end with the seal of the checkpoint: nothing but its text vouches for the state root. */
  "checkpoint-unsealed",
  /** The checkpoint is older than what the caller asked for or has seen before. */
  "checkpoint-old",
  /** A run of entries does not lead to the checkpoint's state root. */
  "run-invalid",
  /** The bundle does not show what becomes of the code: an entry or a neighbour is missing. */
  "not-shown",
  /** An entry under the root is of a form that this version does not know. */
  "entry-unknown",
  /** A batch item does not lead to the batch's root, or its neighbours leave a gap. */
  "item-invalid",
  /** An earlier version does not lead to its entry's history. */
  "version-invalid",
  /** What was asked for lies after the checkpoint. */
  "as-of-later",
  /** The bundle does not show the entry of the network that was asked for: it is another one's, or nothing shows whose. */
  "network-other",
] as const;
export type ProofFailureName = (typeof PROOF_FAILURES)[number];

/** A failure with one sentence for people. */
export type ProofFailure = { readonly name: ProofFailureName; readonly detail: string };

/** What checking gave: a value that is proven, or why not. */
export type Proven<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ProofFailure };

/** The value is proven. */
export function proven<T>(value: T): Proven<T> {
  return { ok: true, value };
}

/** The value is not proven. */
export function unproven(name: ProofFailureName, detail: string): Proven<never> {
  return { ok: false, failure: { name, detail } };
}
