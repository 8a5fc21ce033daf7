import type { CheckedTransaction } from "./checked-parcels.ts";
import type { Handed } from "./consensus-rpc.ts";
import { holderQueues } from "./holder-queues.ts";
import type { HolderShares } from "./holder-shares.ts";
import { encodeParcel } from "./parcel.ts";

/** Hands transactions to the consensus, in parcels. */
export type Outbox = {
  /** Settles when the consensus has said whether it takes the parcel that the transaction went into. */
  readonly hand: (transaction: CheckedTransaction) => Promise<Handed>;
  /** Looks whether what waits for its holder's share can go: after each block. */
  readonly wake: () => void;
  /** Hands nothing over any more. */
  readonly close: () => void;
};

/** What an outbox works with. */
export type OutboxParts = {
  /** Hands one parcel over. Never throws. */
  readonly send: (parcel: Uint8Array) => Promise<Handed>;
  /** Is told what a parcel holds before it is handed over. */
  readonly onParcel: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** Is told what a parcel holds that was taken. */
  readonly onTaken: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** How much of each holder waits for a block already. */
  readonly shares: Pick<HolderShares, "of">;
  /** A clock that only goes forward, in milliseconds. */
  readonly nowMs: () => number;
};

/** What arrives within this time after a parcel went out waits for the next one, in milliseconds. */
const GATHERING_MS = 40;
/** Beside so many parcels that the consensus did not answer yet no other is begun. */
const UNANSWERED_MAX = 2;
/** How often it is looked, without a block, whether what waits for its share can go, in milliseconds. */
const LOOK_MS = 1_000;
type Waiting = CheckedTransaction & { readonly resolve: (handed: Handed) => void };

/**
 * A transaction that comes alone goes at once; the busier a node is, the more of them share a parcel. Of whom too much waits
 * for a block already waits here, and nobody else does.
 */
export function outbox({ send, onParcel, onTaken, shares, nowMs }: OutboxParts): Outbox {
  const queues = holderQueues<Waiting>(shares);
  let unanswered = 0;
  let sentMs = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  let isClosed = false;

  const sendParcel = async (taken: readonly Waiting[]): Promise<void> => {
    const parcel = encodeParcel(taken.map(({ bytes }) => bytes));
    onParcel(parcel, taken);
    unanswered += 1;
    const handed = await send(parcel);
    unanswered -= 1;
    queues.settle(taken);
    if (handed.kind === "taken") onTaken(parcel, taken);
    for (const { resolve } of taken) resolve(handed);
    plan();
  };
  const run = (): void => {
    cancel = undefined;
    sentMs = nowMs();
    while (unanswered < UNANSWERED_MAX) {
      const taken = queues.takeParcel();
      if (taken.length === 0) break;
      void sendParcel(taken);
    }
    plan(LOOK_MS);
  };
  const plan = (leastMs = 0): void => {
    cancel?.();
    cancel = undefined;
    if (isClosed || unanswered >= UNANSWERED_MAX || !queues.hasSome()) return;
    const waitMs = Math.max(leastMs, sentMs + GATHERING_MS - nowMs());
    // What arrived together goes into one parcel.
    cancel = waitMs > 0 ? runIn(waitMs, run) : runSoon(run);
  };
  return {
    hand: ({ bytes, transaction }) => {
      const { promise, resolve } = Promise.withResolvers<Handed>();
      if (isClosed) resolve({ kind: "unavailable", detail: STOPPING });
      else if (queues.push({ bytes, transaction, resolve })) plan();
      else resolve({ kind: "unavailable", detail: TOO_MUCH });
      return promise;
    },
    wake: plan,
    close: () => {
      isClosed = true;
      plan();
      for (const { resolve } of queues.drain()) resolve({ kind: "unavailable", detail: STOPPING });
    },
  };
}

const STOPPING = "the node is stopping";
const TOO_MUCH = "as much of this holder waits already as may: submit it again in a moment";

function runIn(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function runSoon(run: () => void): () => void {
  const immediate = setImmediate(run);
  return () => clearImmediate(immediate);
}
