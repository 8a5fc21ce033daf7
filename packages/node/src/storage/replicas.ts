import { bytesToHex } from "@cityroot/core/hex";
import type { Logger } from "pino";
import type { PayloadStore, StoredPayload } from "../payload/payload-store.ts";
import { type FetchOutcome, fetchPayload } from "./fetch-payload.ts";

/** The other nodes that an operator named, and which of them are worth asking just now. */
export type Replicas = {
  /**
   * Gets a payload from one of them after the other, until one gives it. `unasked` where none was asked, since all of them
   * failed a moment ago, have enough to give already, or there are none.
   */
  readonly fetch: (
    payload: StoredPayload,
    signal: AbortSignal,
  ) => Promise<"stored" | "nowhere" | "unfit" | "unasked">;
};

export type ReplicasParts = {
  readonly addresses: readonly string[];
  readonly payloads: Pick<PayloadStore, "put">;
  readonly logger: Logger;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
};

/** Payloads that are fetched at the same time, of each node its part of them. */
export const FETCHES_AT_ONCE = 4;
/** How long a node that does not answer is left alone at first, and at most. */
const PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 60_000;

/** Nodes of which nothing is known yet. */
export function openReplicas({ addresses, payloads, logger, now }: ReplicasParts): Replicas {
  const pauses = new Map<string, { readonly untilMs: number; readonly failures: number }>();
  // One that gives bytes as slowly as it may keeps nobody from asking the others.
  const atOnceMax = Math.max(1, Math.floor(FETCHES_AT_ONCE / addresses.length));
  const busy = new Map<string, number>();
  const isOpen = (replica: string): boolean =>
    now() >= (pauses.get(replica)?.untilMs ?? 0) && (busy.get(replica) ?? 0) < atOnceMax;
  const ask = async (replica: string, payload: StoredPayload, signal: AbortSignal): Promise<FetchOutcome> => {
    busy.set(replica, (busy.get(replica) ?? 0) + 1);
    try {
      return await fetchPayload({ replica, payload, payloads, signal });
    } finally {
      busy.set(replica, busy.get(replica)! - 1);
    }
  };
  const pause = (replica: string): void => {
    const failures = (pauses.get(replica)?.failures ?? 0) + 1;
    const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** Math.min(failures - 1, 16));
    pauses.set(replica, { untilMs: now() + pauseMs, failures });
  };
  return {
    fetch: async (payload, signal) => {
      const digest = bytesToHex(payload.digest);
      // Payloads begin with different nodes, so that each has its share.
      const turn = addresses.length === 0 ? 0 : payload.digest[0]! % addresses.length;
      let asked = 0;
      for (const replica of [...addresses.slice(turn), ...addresses.slice(0, turn)]) {
        if (!isOpen(replica)) continue;
        asked += 1;
        const outcome = await ask(replica, payload, signal);
        if (outcome.kind === "unreachable") {
          pause(replica);
          logger.info({ replica, digest, detail: outcome.detail }, "a node did not give a payload");
          continue;
        }
        pauses.delete(replica);
        if (outcome.kind === "stored") {
          logger.info({ replica, digest, sizeBytes: payload.sizeBytes }, "a payload was fetched");
          return "stored";
        }
        if (outcome.kind === "unfit") {
          logger.error(
            { replica, digest, first: payload.first, detail: outcome.detail },
            "the items of a batch do not make the root on the ledger: nobody can prove them",
          );
          return "unfit";
        }
        if (outcome.kind === "wrong")
          logger.warn({ replica, digest, detail: outcome.detail }, "a node gave a wrong copy of a payload");
      }
      return asked === 0 ? "unasked" : "nowhere";
    },
  };
}
