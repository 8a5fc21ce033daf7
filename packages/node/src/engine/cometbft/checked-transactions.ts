import { hash } from "node:crypto";
import type { Outcome } from "@cityroot/core/outcome";
import {
  decodeTransaction,
  rejectSignature,
  signedMessageOf,
  type Transaction,
} from "@cityroot/core/transaction";
import type { SignaturePool } from "../../signature/signature-pool.ts";

/** What needs no state to be known of a transaction's bytes: what they say, and whether every signature is good. */
export type CheckedTransaction = { readonly bytes: Uint8Array; readonly outcome: Outcome<Transaction> };

/** Checks transactions and remembers the verdicts: each comes several times, from a client, in a proposal, in a block. */
export type CheckedTransactions = {
  /** Verdicts in the order of the bytes. Signatures that were not checked yet are checked together. */
  readonly check: (all: readonly Uint8Array[]) => Promise<readonly CheckedTransaction[]>;
  /** Forgets what need not be known any more. */
  readonly forget: (all: readonly Uint8Array[]) => void;
};

/** How many verdicts are remembered: those of a full mempool and some blocks. */
const REMEMBERED_MAX = 100_000;

/** Remembers nothing yet. */
export function checkedTransactions(
  signatures: SignaturePool,
  most: number = REMEMBERED_MAX,
): CheckedTransactions {
  const known = new Map<string, CheckedTransaction>();
  const remember = (name: string, checked: CheckedTransaction): void => {
    // The oldest goes first: it is the one that was waited for longest.
    if (known.size >= most) known.delete(known.keys().next().value!);
    known.set(name, checked);
  };
  return {
    check: async (all) => {
      const names = all.map(nameOf);
      const found = names.map((name) => known.get(name));
      const missing = found.flatMap((checked, at) => (checked === undefined ? [at] : []));
      if (missing.length === 0) return found as CheckedTransaction[];
      const decoded = missing.map((at) => decodeTransaction(all[at]!));
      const checks = decoded.map((outcome) => {
        if (!outcome.ok) return [];
        const { id, signatures: own } = outcome.value;
        const message = signedMessageOf(id);
        return own.map(({ publicKey, signature }) => ({ publicKey, signature, message }));
      });
      const verdicts = await signatures.check(checks.flat());
      let from = 0;
      for (const [index, at] of missing.entries()) {
        const count = checks[index]!.length;
        const bad = verdicts.slice(from, from + count).indexOf(false);
        from += count;
        const outcome = bad < 0 ? decoded[index]! : rejectSignature(bad);
        const checked = { bytes: all[at]!, outcome };
        found[at] = checked;
        remember(names[at]!, checked);
      }
      return found as CheckedTransaction[];
    },
    forget: (all) => {
      for (const bytes of all) known.delete(nameOf(bytes));
    },
  };
}

/** A name for the whole bytes, signatures included: one may have enough of them where another has not. */
export function nameOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64");
}
