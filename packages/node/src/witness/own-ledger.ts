import type { Conflict } from "@cityroot/core/log/conflict";
import { type NoteSignature, parseNote, type VerifierKey } from "@cityroot/core/log/note";
import { parseTreeHead } from "@cityroot/core/log/tree-head";
import type { Submission } from "@cityroot/core/log/witness";
import type { StoredLog } from "../log/stored-log.ts";

/** What a witness finds of a checkpoint in the ledger that it keeps itself. */
export type LedgerVerdict =
  | { readonly kind: "same" }
  /** The ledger has not got there in time: it may do so later. */
  | { readonly kind: "behind" }
  /** The ledger says something else; with what shows it, as far as that can be shown. */
  | { readonly kind: "differs"; readonly conflict?: Conflict };

/**
 * The ledger of a witness that is a node of the network itself. It needs nobody's word for what the log is, and so
 * cosigns nothing of it but what stands in its own ledger: one key of the log alone cannot lead it astray. Spec §8.5.9.
 */
export type OwnLedger = {
  readonly origin: string;
  /** Compares a checkpoint that a key of the log signed; waits a moment for a ledger that is not as far yet. */
  readonly judge: (submission: Pick<Submission, "head" | "note">) => Promise<LedgerVerdict>;
};

/** What an own ledger is made of. */
export type OwnLedgerParts = {
  readonly origin: string;
  readonly log: StoredLog;
  /** All keys of the log, this node's own among them. */
  readonly keys: readonly VerifierKey[];
  /** Signs the text of a checkpoint of the own ledger. */
  readonly sign: (text: string) => NoteSignature;
  /** Bytes of the newest checkpoint of the own ledger. */
  readonly newestNote: () => Uint8Array | undefined;
  /** Calls back after each block. */
  readonly onBlock: (listener: () => void) => void;
};

/** How long a ledger is waited for that is not as far as a checkpoint, in milliseconds. */
const LEDGER_WAIT_MS = 2_000;
/** Checkpoints that wait so at once: one key that signs what never comes keeps no more than these waiting. */
const WAITING_MAX = 64;

type Waiting = { readonly size: number; readonly resolve: (isThere: boolean) => void };

/** Opens the ledger of a node for its witness. */
export function openOwnLedger(parts: OwnLedgerParts): OwnLedger {
  const { origin, log, onBlock } = parts;
  const waiting = new Set<Waiting>();
  onBlock(() => {
    if (waiting.size === 0) return;
    const size = log.size();
    for (const one of waiting) if (one.size <= size) one.resolve(true);
  });
  const isThere = (size: number): Promise<boolean> => {
    if (log.size() >= size) return Promise.resolve(true);
    if (waiting.size >= WAITING_MAX) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => one.resolve(false), LEDGER_WAIT_MS);
      const one: Waiting = {
        size,
        resolve: (isReached) => {
          clearTimeout(timer);
          waiting.delete(one);
          resolve(isReached);
        },
      };
      waiting.add(one);
    });
  };
  return {
    origin,
    judge: async ({ head: { size, root }, note }) => {
      // No block ends before the first leaf, so that no node of the network signs this.
      if (size === 0) return { kind: "differs" };
      if (!(await isThere(size))) return { kind: "behind" };
      const own = log.checkpointAt(size);
      if (own === note.text) return { kind: "same" };
      if (own === undefined) return differs(parts, size, note);
      const ownHead = parseTreeHead(own);
      // Of one tree there is one text of ours: who signed another signed what its own last leaf does not say.
      if (ownHead.ok && Buffer.from(ownHead.value.root).equals(root)) return { kind: "differs" };
      const cosigned = { text: own, signatures: [parts.sign(own)] };
      return { kind: "differs", conflict: { keys: parts.keys, cosigned, submitted: note, path: [] } };
    },
  };
}

/** No block of ours ends at the size: the newest checkpoint and the way to it are held against the other. */
function differs(
  { log, keys, newestNote }: OwnLedgerParts,
  size: number,
  submitted: Submission["note"],
): LedgerVerdict {
  const newest = newestNote();
  const note = newest === undefined ? undefined : parseNote(newest);
  if (!note?.ok) return { kind: "differs" };
  const path = log.prove(size, log.size());
  return { kind: "differs", conflict: { keys, cosigned: note.value, submitted, path } };
}
