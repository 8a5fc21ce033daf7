import { hash, randomInt } from "node:crypto";
import type { CheckedTransaction } from "./checked-parcels.ts";
import type { Handed } from "./consensus-rpc.ts";
import { encodeParcel, PARCEL_BYTES_MAX, PARCEL_MARK_MAX } from "./parcel.ts";

/**
 * What this node handed to the consensus and no block held yet. CometBFT passes each of its transactions on once: a peer
 * that is still fetching blocks, stands a block behind or has no room does not keep it, and where nobody makes blocks of
 * nothing, all would wait for what one node alone has.
 */
export type UndecidedParcels = {
  /** Takes note of a parcel that was taken. */
  readonly add: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** Forgets the parcels of a block; also a block of none tells that the network decides. */
  readonly decided: (parcels: readonly Uint8Array[]) => void;
  /** Takes note that a block of something is proposed: the network has what it could decide on. */
  readonly proposed: () => void;
  /** Forgets a parcel that this node's mempool does not keep: it has been decided otherwise, or can be no more. */
  readonly drop: (parcel: Uint8Array) => void;
  /** Hands nothing over any more. */
  readonly close: () => void;
};

/** What it works with. */
export type UndecidedParts = {
  readonly send: (parcel: Uint8Array) => Promise<Handed>;
  /** Is told what a parcel holds before it is handed over. */
  readonly onParcel: (parcel: Uint8Array, transactions: readonly CheckedTransaction[]) => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly nowMs: () => number;
  /** How long no block came before a parcel is handed over again, in milliseconds; 3 seconds if left out. */
  readonly patienceMs?: number;
};

type Undecided = {
  readonly transactions: readonly CheckedTransaction[];
  readonly sizeBytes: number;
  /** Names of the parcels that hold them. */
  readonly names: string[];
  sentMs: number;
};

const PATIENCE_MS = 3_000;
const LOOKS_PER_PATIENCE = 3;
/** Each time it is waited twice as long; 8 times take more than ten minutes. */
const TIMES_MAX = 8;
/** How many are handed over at a time, and remembered: more than these wait where the network itself is overloaded. */
const AT_ONCE_MAX = 4;
const REMEMBERED_MAX = 5_000;
/**
 * Bytes that are handed over again, at once at most and in each second. One parcel that others keep is enough for a block, and
 * a network that is slow since it has much to pass on must not get more of the same.
 */
const BYTES_AT_ONCE = PARCEL_BYTES_MAX;
const BYTES_IN_S = 65_536;

/** Remembers parcels, and hands them over again while no block comes, each as another parcel that peers pass on. */
export function undecidedParcels(parts: UndecidedParts): UndecidedParcels {
  const { patienceMs = PATIENCE_MS, nowMs } = parts;
  const known = new Map<string, Undecided>();
  let heardMs = Number.NEGATIVE_INFINITY;
  const allowance = { bytes: BYTES_AT_ONCE, atMs: nowMs() };
  let timer: NodeJS.Timeout | undefined;
  const forget = ({ names }: Undecided): void => {
    for (const name of names) known.delete(name);
    if (known.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const handAgain = async (one: Undecided): Promise<void> => {
    const { transactions } = one;
    one.sentMs = nowMs();
    allowance.bytes -= one.sizeBytes;
    const mark = randomInt(1, PARCEL_MARK_MAX + 1);
    const parcel = encodeParcel(
      transactions.map(({ bytes }) => bytes),
      mark,
    );
    parts.onParcel(parcel, transactions);
    const handed = await parts.send(parcel);
    if (handed.kind === "unavailable" || !known.has(one.names[0]!)) return;
    // What this node's own application refuses has been decided, or can be no more.
    if (handed.kind === "refused" || one.names.length === TIMES_MAX) return forget(one);
    const name = nameOf(parcel);
    one.names.push(name);
    known.set(name, one);
  };
  const look = (): void => {
    const now = nowMs();
    const grown = allowance.bytes + ((now - allowance.atMs) / 1_000) * BYTES_IN_S;
    allowance.bytes = Math.min(BYTES_AT_ONCE, grown);
    allowance.atMs = now;
    if (now - heardMs < patienceMs) return;
    const waitMs = ({ names }: Undecided): number => patienceMs * 2 ** (names.length - 1);
    const due = [...new Set(known.values())].filter((one) => now - one.sentMs >= waitMs(one));
    for (const one of due.slice(0, AT_ONCE_MAX)) if (one.sizeBytes <= allowance.bytes) void handAgain(one);
  };
  return {
    add: (parcel, transactions) => {
      const name = nameOf(parcel);
      if (known.has(name) || known.size >= REMEMBERED_MAX) return;
      known.set(name, { transactions, sizeBytes: parcel.length, names: [name], sentMs: nowMs() });
      timer ??= setInterval(look, patienceMs / LOOKS_PER_PATIENCE);
    },
    decided: (parcels) => {
      heardMs = nowMs();
      for (const parcel of parcels) {
        if (known.size === 0) return;
        const one = known.get(nameOf(parcel));
        if (one !== undefined) forget(one);
      }
    },
    proposed: () => {
      heardMs = nowMs();
    },
    drop: (parcel) => {
      if (known.size === 0) return;
      const one = known.get(nameOf(parcel));
      if (one !== undefined) forget(one);
    },
    close: () => {
      known.clear();
      clearInterval(timer);
    },
  };
}

function nameOf(parcel: Uint8Array): string {
  return hash("sha256", parcel, "base64");
}
