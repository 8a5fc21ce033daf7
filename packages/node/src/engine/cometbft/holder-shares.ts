import { hash } from "node:crypto";
import { bytesToHex } from "@cityroot/core/hex";
import type { Envelope } from "@cityroot/core/transaction";
import type { CheckedTransaction } from "./checked-parcels.ts";

/** How much waits for a block. */
export type Waiting = { readonly bytes: number; readonly transactions: number };

/**
 * What the mempool holds of each holder. What waits is decided in the order in which it came: without a share for each, one
 * who submits more than blocks hold would have all others wait behind it. Whether what he submits can enter makes no
 * difference, and costs him nothing.
 */
export type HolderShares = {
  /** How much of a holder waits, by its {@link holderNameOf}. */
  readonly of: (holder: string) => Waiting;
  /** Whether most of a parcel is of holders of whom too much waits already, so that the mempool is not to take it. */
  readonly isTooMuch: (transactions: readonly CheckedTransaction[]) => boolean;
  /** Takes note of a parcel that the mempool holds, when it takes it and whenever it is looked at again. */
  readonly keep: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** Takes note that it does not hold a parcel any more. */
  readonly drop: (parcel: Uint8Array) => void;
  /** Takes note that it holds nothing. */
  readonly clear: () => void;
};

/**
 * Beyond so much of one holder this node hands nothing over, until a block takes some of it: what one block may hold by its
 * bytes, and two by their transactions.
 */
export const SHARE: Waiting = { bytes: 4 * 1024 * 1024, transactions: 10_000 };
/** Beyond so much it takes nothing from others either: what several nodes handed over at the same time. */
const SHARE_MOST: Waiting = { bytes: 2 * SHARE.bytes, transactions: 2 * SHARE.transactions };
/**
 * After how long without a word of a parcel the mempool does not hold it, in milliseconds: it looks at all it holds after
 * each block, and sometimes has no room for what was taken.
 */
const KEPT_MS = 60_000;

type Kept = { readonly byHolder: ReadonlyMap<string, Waiting>; seenMs: number };

const NOTHING: Waiting = { bytes: 0, transactions: 0 };

/** Name of a transaction's holder. */
export function holderNameOf({ body }: Pick<Envelope, "body">): string {
  return bytesToHex(body.holder);
}

/** Nothing waits yet. `nowMs` is a clock that only goes forward. */
export function holderShares(nowMs: () => number): HolderShares {
  // In the order in which they were last heard of.
  const kept = new Map<string, Kept>();
  const sums = new Map<string, Waiting>();
  const add = (byHolder: ReadonlyMap<string, Waiting>, sign: 1 | -1): void => {
    for (const [holder, { bytes, transactions }] of byHolder) {
      const before = sums.get(holder) ?? NOTHING;
      const after = {
        bytes: before.bytes + sign * bytes,
        transactions: before.transactions + sign * transactions,
      };
      if (after.transactions === 0) sums.delete(holder);
      else sums.set(holder, after);
    }
  };
  const forget = (name: string): void => {
    const one = kept.get(name);
    if (one === undefined) return;
    kept.delete(name);
    add(one.byHolder, -1);
  };
  const forgetOld = (): void => {
    const now = nowMs();
    for (const [name, { seenMs }] of kept) {
      if (now - seenMs < KEPT_MS) return;
      forget(name);
    }
  };
  return {
    of: (holder) => {
      forgetOld();
      return sums.get(holder) ?? NOTHING;
    },
    isTooMuch: (transactions) => {
      forgetOld();
      let total = 0;
      let tooMuch = 0;
      for (const [holder, { bytes, transactions: count }] of byHolderOf(transactions)) {
        const waiting = sums.get(holder) ?? NOTHING;
        const isBeyond =
          waiting.bytes + bytes > SHARE_MOST.bytes || waiting.transactions + count > SHARE_MOST.transactions;
        total += bytes;
        if (isBeyond) tooMuch += bytes;
      }
      return 2 * tooMuch > total;
    },
    keep: (parcel, transactions) => {
      const name = nameOf(parcel);
      const one = kept.get(name) ?? { byHolder: byHolderOf(transactions), seenMs: 0 };
      if (!kept.delete(name)) add(one.byHolder, 1);
      one.seenMs = nowMs();
      kept.set(name, one);
    },
    drop: (parcel) => {
      if (kept.size > 0) forget(nameOf(parcel));
    },
    clear: () => {
      kept.clear();
      sums.clear();
    },
  };
}

function byHolderOf(transactions: readonly CheckedTransaction[]): ReadonlyMap<string, Waiting> {
  const byHolder = new Map<string, Waiting>();
  for (const { bytes, transaction } of transactions) {
    const holder = holderNameOf(transaction);
    const before = byHolder.get(holder) ?? NOTHING;
    byHolder.set(holder, {
      bytes: before.bytes + bytes.length,
      transactions: before.transactions + 1,
    });
  }
  return byHolder;
}

function nameOf(parcel: Uint8Array): string {
  return hash("sha256", parcel, "base64");
}
