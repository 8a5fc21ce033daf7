import type { CheckedTransaction } from "./checked-parcels.ts";
import { type HolderShares, holderNameOf, SHARE } from "./holder-shares.ts";
import { PARCEL_BYTES_MAX, PARCEL_TRANSACTIONS_MAX, parcelledBytesOf } from "./parcel.ts";

/** Transactions that are to be handed to the consensus, those of each holder in their order. */
export type HolderQueues<T extends CheckedTransaction> = {
  /** Puts a transaction behind those of its holder; tells whether there was room. */
  readonly push: (one: T) => boolean;
  /** Takes what one parcel may hold: of each holder one in turn, as long as it has room in its share. Empty for none. */
  readonly takeParcel: () => readonly T[];
  /** Takes note that what was taken is in the mempool by now, or will never be. */
  readonly settle: (taken: readonly T[]) => void;
  /** Whether anything waits here. */
  readonly hasSome: () => boolean;
  /** Takes out all that waits. */
  readonly drain: () => readonly T[];
};

/** How much of one holder waits here at most, for its share. */
const QUEUED_BYTES_MAX = 32 * 1024 * 1024;
const QUEUED_MAX = 20_000;

/** What waits of one holder, and what was taken of it and is not settled. */
type Queue<T> = {
  readonly waiting: T[];
  bytes: number;
  takenBytes: number;
  taken: number;
};

/** Queues with nothing in them. */
export function holderQueues<T extends CheckedTransaction>(
  shares: Pick<HolderShares, "of">,
): HolderQueues<T> {
  const queues = new Map<string, Queue<T>>();
  const mayGo = (holder: string, { waiting, takenBytes, taken }: Queue<T>): boolean => {
    const [next] = waiting;
    if (next === undefined) return false;
    const there = shares.of(holder);
    const bytes = there.bytes + takenBytes + next.bytes.length;
    return bytes <= SHARE.bytes && there.transactions + taken < SHARE.transactions;
  };
  const takeFirst = (queue: Queue<T>): T => {
    const one = queue.waiting.shift()!;
    const { length } = one.bytes;
    queue.bytes -= length;
    queue.takenBytes += length;
    queue.taken += 1;
    return one;
  };
  /** The next parcel begins with another holder. */
  const rotate = (): void => {
    const [first] = queues;
    if (first === undefined) return;
    queues.delete(first[0]);
    queues.set(...first);
  };
  return {
    push: (one) => {
      const holder = holderNameOf(one.transaction);
      const queue = queues.get(holder) ?? { waiting: [], bytes: 0, takenBytes: 0, taken: 0 };
      const { length } = one.bytes;
      if (queue.waiting.length >= QUEUED_MAX || queue.bytes + length > QUEUED_BYTES_MAX) return false;
      queues.set(holder, queue);
      queue.waiting.push(one);
      queue.bytes += length;
      return true;
    },
    takeParcel: () => {
      const taken: T[] = [];
      let bytes = 3;
      rotate();
      for (let before = -1; before < taken.length; ) {
        before = taken.length;
        for (const [holder, queue] of queues) {
          if (!mayGo(holder, queue)) continue;
          bytes += parcelledBytesOf(queue.waiting[0]!.bytes);
          const isFull = taken.length === PARCEL_TRANSACTIONS_MAX || bytes > PARCEL_BYTES_MAX;
          if (isFull && taken.length > 0) return taken;
          taken.push(takeFirst(queue));
        }
      }
      return taken;
    },
    settle: (taken) => {
      for (const { bytes, transaction } of taken) {
        const holder = holderNameOf(transaction);
        const queue = queues.get(holder)!;
        queue.takenBytes -= bytes.length;
        queue.taken -= 1;
        if (queue.taken === 0 && queue.waiting.length === 0) queues.delete(holder);
      }
    },
    hasSome: () => {
      for (const { waiting } of queues.values()) if (waiting.length > 0) return true;
      return false;
    },
    drain: () => [...queues.values()].flatMap(({ waiting }) => waiting.splice(0)),
  };
}
