import { hash } from "node:crypto";
import { accept, type Outcome } from "@cityroot/core/outcome";
import {
  decodeTransaction,
  rejectSignature,
  signedMessageOf,
  type Transaction,
} from "@cityroot/core/transaction";
import type { Check } from "../../signature/frame.ts";
import type { SignaturePool } from "../../signature/signature-pool.ts";
import { decodeParcel } from "./parcel.ts";

/** A transaction whose bytes were read and whose signatures are good. It needs no state to know that. */
export type CheckedTransaction = { readonly bytes: Uint8Array; readonly transaction: Transaction };

/** What a parcel holds: all of it is good, or none of it is taken. */
export type CheckedParcel = Outcome<readonly CheckedTransaction[]>;

/** Checks parcels and remembers the verdicts: each comes several times, from a peer, in a proposal, in a block. */
export type CheckedParcels = {
  /** Verdicts in the order of the parcels. Signatures that were not checked yet are checked together. */
  readonly check: (parcels: readonly Uint8Array[]) => Promise<readonly CheckedParcel[]>;
  /** Checks the signatures of transactions that were read. */
  readonly checkSignatures: (all: readonly Transaction[]) => Promise<readonly Outcome<Transaction>[]>;
  /** Remembers what this node has put into a parcel itself. */
  readonly remember: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** Forgets what need not be known any more. */
  readonly forget: (parcels: readonly Uint8Array[]) => void;
};

/** How many transactions are remembered: those of a full mempool and some blocks. */
const REMEMBERED_MAX = 100_000;

/** Remembers nothing yet; then the parcels of about `most` transactions. */
export function checkedParcels(signatures: SignaturePool, most: number = REMEMBERED_MAX): CheckedParcels {
  const known = new Map<string, CheckedParcel>();
  let remembered = 0;
  const forgetName = (name: string): void => {
    remembered -= weightOf(known.get(name));
    known.delete(name);
  };
  const remember = (name: string, parcel: CheckedParcel): void => {
    // The oldest goes first: it is the one that was waited for longest.
    while (known.size > 0 && remembered >= most) forgetName(known.keys().next().value!);
    forgetName(name);
    known.set(name, parcel);
    remembered += weightOf(parcel);
  };
  return {
    check: async (parcels) => {
      const names = parcels.map(nameOf);
      const found = names.map((name) => known.get(name));
      const missing = found.flatMap((parcel, at) => (parcel === undefined ? [at] : []));
      if (missing.length === 0) return found as CheckedParcel[];
      const read = missing.map((at) => readParcel(parcels[at]!));
      const verdicts = await checkAll(signatures, read);
      for (const [index, at] of missing.entries()) {
        found[at] = verdicts[index]!;
        remember(names[at]!, verdicts[index]!);
      }
      return found as CheckedParcel[];
    },
    checkSignatures: (all) => checkEach(signatures, all),
    remember: (parcel, transactions) => remember(nameOf(parcel), accept(transactions)),
    forget: (parcels) => {
      for (const parcel of parcels) forgetName(nameOf(parcel));
    },
  };
}

function nameOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64");
}

/** What remembering a parcel takes, in transactions. */
function weightOf(parcel: CheckedParcel | undefined): number {
  if (parcel === undefined) return 0;
  return parcel.ok ? parcel.value.length : 1;
}

function readParcel(bytes: Uint8Array): CheckedParcel {
  const parts = decodeParcel(bytes);
  if (!parts.ok) return parts;
  const transactions: CheckedTransaction[] = [];
  for (const part of parts.value) {
    const decoded = decodeTransaction(part);
    if (!decoded.ok) return decoded;
    transactions.push({ bytes: part, transaction: decoded.value });
  }
  return accept(transactions);
}

async function checkAll(
  signatures: SignaturePool,
  parcels: readonly CheckedParcel[],
): Promise<readonly CheckedParcel[]> {
  const all = parcels.flatMap((parcel) => (parcel.ok ? parcel.value : []));
  const verdicts = await checkEach(
    signatures,
    all.map(({ transaction }) => transaction),
  );
  let from = 0;
  return parcels.map((parcel): CheckedParcel => {
    if (!parcel.ok) return parcel;
    const own = verdicts.slice(from, from + parcel.value.length);
    from += parcel.value.length;
    const bad = own.find((verdict) => !verdict.ok);
    return bad === undefined || bad.ok ? parcel : bad;
  });
}

async function checkEach(
  signatures: SignaturePool,
  transactions: readonly Transaction[],
): Promise<readonly Outcome<Transaction>[]> {
  const verdicts = await signatures.check(transactions.flatMap(checksOf));
  let from = 0;
  return transactions.map((transaction) => {
    const count = transaction.signatures.length;
    const bad = verdicts.slice(from, from + count).indexOf(false);
    from += count;
    return bad < 0 ? accept(transaction) : rejectSignature(bad);
  });
}

function checksOf({ id, signatures }: Transaction): readonly Check[] {
  const message = signedMessageOf(id);
  return signatures.map(({ publicKey, signature }) => ({ publicKey, signature, message }));
}
