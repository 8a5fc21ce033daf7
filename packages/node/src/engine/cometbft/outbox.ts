import type { CheckedTransaction } from "./checked-parcels.ts";
import type { Handed } from "./consensus-rpc.ts";
import { encodeParcel, PARCEL_BYTES_MAX, PARCEL_TRANSACTIONS_MAX, parcelledBytesOf } from "./parcel.ts";

/** Hands transactions to the consensus, in parcels. */
export type Outbox = {
  /** Settles when the consensus has said whether it takes the parcel that the transaction went into. */
  readonly hand: (transaction: CheckedTransaction) => Promise<Handed>;
};

/** What an outbox works with. */
export type OutboxParts = {
  /** Hands one parcel over. Never throws. */
  readonly send: (parcel: Uint8Array) => Promise<Handed>;
  /** Is told what a parcel holds before it is handed over. */
  readonly onParcel: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** Is told what a parcel holds that was taken. */
  readonly onTaken: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly nowMs: () => number;
};

/** What arrives within this time after a parcel went out waits for the next one, in milliseconds. */
const GATHERING_MS = 40;
/** Beside so many parcels that the consensus did not answer yet no other is begun. */
const UNANSWERED_MAX = 2;

type Waiting = CheckedTransaction & { readonly resolve: (handed: Handed) => void };

/** A transaction that comes alone goes at once; the busier a node is, the more of them share a parcel. */
export function outbox({ send, onParcel, onTaken, nowMs }: OutboxParts): Outbox {
  const queue: Waiting[] = [];
  let unanswered = 0;
  let sentMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  const sendParcel = async (taken: readonly Waiting[]): Promise<void> => {
    const parcel = encodeParcel(taken.map(({ bytes }) => bytes));
    onParcel(parcel, taken);
    unanswered += 1;
    const handed = await send(parcel);
    unanswered -= 1;
    if (handed.kind === "taken") onTaken(parcel, taken);
    for (const { resolve } of taken) resolve(handed);
    plan();
  };
  const run = (): void => {
    timer = undefined;
    sentMs = nowMs();
    while (queue.length > 0 && unanswered < UNANSWERED_MAX) void sendParcel(takeParcel(queue));
  };
  const plan = (): void => {
    if (timer !== undefined || queue.length === 0 || unanswered >= UNANSWERED_MAX) return;
    const waitMs = sentMs + GATHERING_MS - nowMs();
    // What arrived together goes into one parcel.
    timer = waitMs > 0 ? setTimeout(run, waitMs) : setImmediate(run);
  };
  return {
    hand: ({ bytes, transaction }) => {
      const { promise, resolve } = Promise.withResolvers<Handed>();
      queue.push({ bytes, transaction, resolve });
      plan();
      return promise;
    },
  };
}

/** Takes from the queue what one parcel may hold. */
function takeParcel(queue: Waiting[]): Waiting[] {
  let bytes = 3;
  let count = 0;
  while (count < queue.length && count < PARCEL_TRANSACTIONS_MAX) {
    bytes += parcelledBytesOf(queue[count]!.bytes);
    if (count > 0 && bytes > PARCEL_BYTES_MAX) break;
    count += 1;
  }
  return queue.splice(0, count);
}
