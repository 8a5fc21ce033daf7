import { type Fault, fault } from "@cityroot/codes/fault";
import { equalBytes } from "../hex.ts";
import { type Verify, verify as verifyEd25519 } from "../key/ed25519.ts";
import { parseAddCheckpoint } from "./add-checkpoint.ts";
import { verifyConsistency } from "./consistency.ts";
import { logSignaturesOf } from "./log-signatures.ts";
import type { Note, VerifierKey } from "./note.ts";
import { emptyRoot } from "./tree.ts";
import { parseTreeHead, type TreeHead } from "./tree-head.ts";

// What a witness decides, without disk, clock or socket: C2SP tlog-witness, "add-checkpoint". Spec §8.5.5.

/** A request whose checkpoint the log signed; `note` holds the log's own signatures alone. */
export type Submission = {
  readonly oldSize: number;
  readonly path: readonly Uint8Array[];
  readonly note: Note;
  readonly head: TreeHead;
};

/** A refusal, as an HTTP status and what was wrong. */
export type WitnessRefusal =
  | { readonly ok: false; readonly status: 400 | 403 | 404 | 422; readonly fault: Fault }
  /** The old size is not that of the last cosigned tree, which is `size`. */
  | { readonly ok: false; readonly status: 409; readonly size: number };

/** What became of a request. */
export type SubmissionVerdict = { readonly ok: true; readonly submission: Submission } | WitnessRefusal;

/**
 * Reads a request and checks what needs no state: form (400), a known origin (404, `keysOf` gives none), and the log's
 * signature (403): at least one of a key of the log, and none of such a key that is wrong. C2SP tlog-witness,
 * "add-checkpoint".
 */
export function readSubmission(
  bytes: Uint8Array,
  keysOf: (origin: string) => readonly VerifierKey[] | undefined,
  verify: Verify = verifyEd25519,
): SubmissionVerdict {
  const request = parseAddCheckpoint(bytes);
  if (!request.ok) return { ok: false, status: 400, fault: request.fault };
  const { oldSize, path, note } = request.value;
  const head = parseTreeHead(note.text);
  if (!head.ok) return { ok: false, status: 400, fault: head.fault };
  const keys = keysOf(head.value.origin);
  if (keys === undefined) return refuse(404, "origin", "a log that is witnessed here", head.value.origin);
  const signatures = logSignaturesOf(note, keys, verify);
  if (signatures === undefined)
    return refuse(403, "signatures", "signatures of the log's keys that verify", "another");
  if (signatures.length === 0) return refuse(403, "signatures", "a signature of a key of the log", "none");
  const { size } = head.value;
  if (oldSize > size) return refuse(400, "old", `at most the checkpoint's size ${size}`, String(oldSize));
  return { ok: true, submission: { oldSize, path, note: { text: note.text, signatures }, head: head.value } };
}

/**
 * Whether a checkpoint may be cosigned after `latest`, the tree cosigned last (undefined for none): undefined when it
 * may. The caller must let nothing come between this and the recording of the new tree. C2SP tlog-witness,
 * "add-checkpoint".
 */
export function refuseSubmission(
  { oldSize, path, head }: Pick<Submission, "oldSize" | "path" | "head">,
  latest: TreeHead | undefined,
): WitnessRefusal | undefined {
  const { size, root } = latest ?? { size: 0, root: emptyRoot() };
  if (oldSize !== size) return { ok: false, status: 409, size };
  if (head.size === 0 && !equalBytes(head.root, emptyRoot())) {
    return refuse(422, "root", "the root of a log without leaves", "another");
  }
  if (head.size === size && !equalBytes(head.root, root)) {
    return refuse(422, "root", `the root that was cosigned at size ${size}`, "another");
  }
  if (verifyConsistency(root, head.root, { oldSize, newSize: head.size, path })) return undefined;
  return refuse(
    422,
    "proof",
    `a consistency proof from size ${oldSize} to ${head.size}`,
    "one that does not hold",
  );
}

function refuse(status: 400 | 403 | 404 | 422, field: string, expected: string, got: string): WitnessRefusal {
  return { ok: false, status, fault: fault({ field, expected, got }) };
}
