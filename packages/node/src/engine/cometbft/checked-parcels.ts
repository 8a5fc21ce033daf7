import { hash } from "node:crypto";
import { accept, type Outcome } from "@cityroot/core/outcome";
import {
  decodeEnvelope,
  type Envelope,
  openEnvelope,
  rejectSignature,
  signedMessageOf,
  type Transaction,
} from "@cityroot/core/transaction";
import type { Check } from "../../signature/frame.ts";
import { signatureLane } from "../../signature/signature-lane.ts";
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
  /** Looks at a parcel that anyone may have sent: nothing of it is checked that costs more than its length. */
  readonly look: (parcel: Uint8Array) => Outcome<LookedAt>;
  /** Checks the signatures of transactions that were read. */
  readonly checkSignatures: (all: readonly Transaction[]) => Promise<readonly Outcome<Transaction>[]>;
  /** Remembers what this node has put into a parcel itself. */
  readonly remember: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** Forgets what need not be known any more, since a block held it. */
  readonly forget: (parcels: readonly Uint8Array[]) => void;
  /** Forgets a parcel that the mempool does not take or keep. */
  readonly drop: (parcel: Uint8Array) => void;
};

/** What a parcel says it holds, and the way to the verdict on it. */
export type LookedAt = {
  readonly envelopes: readonly Envelope[];
  /**
   * The verdict. The signatures of one transaction, by its index, are checked first: where they are bad, nothing more is done
   * for it. What is not good is not remembered.
   */
  readonly admit: (first: number) => Promise<CheckedParcel>;
};

/** How much is remembered: what a full mempool and some blocks hold. */
export type RememberedMost = { readonly transactions: number; readonly bytes: number };

/** What was read takes up to ten times its bytes. */
const REMEMBERED_MAX: RememberedMost = { transactions: 100_000, bytes: 96 * 1024 * 1024 };

/** Remembers nothing yet; then about so much. */
export function checkedParcels(
  signatures: SignaturePool,
  most: RememberedMost = REMEMBERED_MAX,
): CheckedParcels {
  const { known, remember, forgetName } = rememberParcels(most);
  // What blocks hold goes straight to the pool; what peers and clients send waits, each kind for its own.
  const { check } = signatures;
  const [checkAdmitted, checkSubmitted] = [signatureLane(signatures), signatureLane(signatures)];
  return {
    check: async (parcels) => {
      const names = parcels.map(nameOf);
      const found = names.map((name) => known(name));
      const missing = found.flatMap((parcel, at) => (parcel === undefined ? [at] : []));
      if (missing.length === 0) return found as CheckedParcel[];
      const read = missing.map((at) => readParcel(parcels[at]!));
      const verdicts = await checkAll(check, read);
      for (const [index, at] of missing.entries()) {
        found[at] = verdicts[index]!;
        remember(names[at]!, verdicts[index]!, parcels[at]!.length);
      }
      return found as CheckedParcel[];
    },
    look: (parcel) => {
      const name = nameOf(parcel);
      const found = known(name);
      if (found !== undefined) return found.ok ? accept(knownAs(found)) : found;
      const read = readParcel(parcel);
      if (!read.ok) return read;
      const admit = async (first: number): Promise<CheckedParcel> => {
        const verdict = await checkFrom(checkAdmitted, read.value, first);
        if (verdict.ok) remember(name, verdict, parcel.length);
        return verdict;
      };
      return accept({ envelopes: read.value.map(envelopeOf), admit });
    },
    checkSignatures: (all) => checkEach(checkSubmitted, all),
    remember: (parcel, transactions) => remember(nameOf(parcel), accept(transactions), parcel.length),
    forget: (parcels) => {
      for (const parcel of parcels) forgetName(nameOf(parcel));
    },
    drop: (parcel) => forgetName(nameOf(parcel)),
  };
}

function knownAs(verdict: Extract<CheckedParcel, { ok: true }>): LookedAt {
  return {
    envelopes: verdict.value.map(({ transaction }) => transaction),
    admit: () => Promise.resolve(verdict),
  };
}

/** What remembering a parcel takes. */
type Remembered = { readonly parcel: CheckedParcel; readonly transactions: number; readonly bytes: number };

function rememberParcels(most: RememberedMost): {
  readonly known: (name: string) => CheckedParcel | undefined;
  readonly remember: (name: string, parcel: CheckedParcel, sizeBytes: number) => void;
  readonly forgetName: (name: string) => void;
} {
  const known = new Map<string, Remembered>();
  const sum = { transactions: 0, bytes: 0 };
  const forgetName = (name: string): void => {
    const one = known.get(name);
    if (one === undefined) return;
    known.delete(name);
    sum.transactions -= one.transactions;
    sum.bytes -= one.bytes;
  };
  return {
    known: (name) => known.get(name)?.parcel,
    forgetName,
    remember: (name, parcel, sizeBytes) => {
      forgetName(name);
      // The oldest goes first: it is the one that was waited for longest.
      while (known.size > 0 && (sum.transactions >= most.transactions || sum.bytes + sizeBytes > most.bytes))
        forgetName(known.keys().next().value!);
      // Of what is not good nothing is kept but that.
      const one = parcel.ok
        ? { parcel, transactions: parcel.value.length, bytes: sizeBytes }
        : { parcel, transactions: 1, bytes: 0 };
      known.set(name, one);
      sum.transactions += one.transactions;
      sum.bytes += one.bytes;
    },
  };
}

function nameOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64");
}

/** A transaction whose operations were not read. */
type Sealed = { readonly bytes: Uint8Array; readonly envelope: Envelope };

const envelopeOf = ({ envelope }: Sealed): Envelope => envelope;

function readParcel(bytes: Uint8Array): Outcome<readonly Sealed[]> {
  const parts = decodeParcel(bytes);
  if (!parts.ok) return parts;
  const sealed: Sealed[] = [];
  for (const part of parts.value) {
    const envelope = decodeEnvelope(part);
    if (!envelope.ok) return envelope;
    sealed.push({ bytes: part, envelope: envelope.value });
  }
  return accept(sealed);
}

/** Reads operations, of what is signed alone: they take far longer to read than anything else. */
function openParcel(sealed: readonly Sealed[]): CheckedParcel {
  const transactions: CheckedTransaction[] = [];
  for (const { bytes, envelope } of sealed) {
    const opened = openEnvelope(envelope);
    if (!opened.ok) return opened;
    transactions.push({ bytes, transaction: opened.value });
  }
  return accept(transactions);
}

async function checkAll(
  check: SignaturePool["check"],
  parcels: readonly Outcome<readonly Sealed[]>[],
): Promise<readonly CheckedParcel[]> {
  const all = parcels.flatMap((parcel) => (parcel.ok ? parcel.value : []));
  const verdicts = await checkEach(check, all.map(envelopeOf));
  let from = 0;
  return parcels.map((parcel): CheckedParcel => {
    if (!parcel.ok) return parcel;
    const own = verdicts.slice(from, from + parcel.value.length);
    from += parcel.value.length;
    return firstBad(own) ?? openParcel(parcel.value);
  });
}

/** Of a parcel with more signatures those of one transaction are checked first. */
const CHECKED_AT_ONCE = 64;

/** Checks a parcel, and where that takes long, of its transactions the one with this index before the others. */
async function checkFrom(
  check: SignaturePool["check"],
  parcel: readonly Sealed[],
  first: number,
): Promise<CheckedParcel> {
  const envelopes = parcel.map(envelopeOf);
  const count = envelopes.reduce((sum, { signatures }) => sum + signatures.length, 0);
  const begin = count > CHECKED_AT_ONCE ? envelopes.splice(first, 1) : [];
  const isBad = firstBad(await checkEach(check, begin)) ?? firstBad(await checkEach(check, envelopes));
  return isBad ?? openParcel(parcel);
}

function firstBad(verdicts: readonly Outcome<Envelope>[]): Outcome<never> | undefined {
  const bad = verdicts.find((verdict) => !verdict.ok);
  return bad === undefined || bad.ok ? undefined : bad;
}

async function checkEach<T extends Envelope>(
  check: SignaturePool["check"],
  transactions: readonly T[],
): Promise<readonly Outcome<T>[]> {
  const verdicts = await check(transactions.flatMap(checksOf));
  let from = 0;
  return transactions.map((transaction) => {
    const count = transaction.signatures.length;
    const bad = verdicts.slice(from, from + count).indexOf(false);
    from += count;
    return bad < 0 ? accept(transaction) : rejectSignature(bad);
  });
}

function checksOf({ id, signatures }: Envelope): readonly Check[] {
  const message = signedMessageOf(id);
  return signatures.map(({ publicKey, signature }) => ({ publicKey, signature, message }));
}
