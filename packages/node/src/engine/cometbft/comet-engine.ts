import { accept, type Outcome, reject } from "@cityroot/core/outcome";
import { decodeTransaction, type Transaction } from "@cityroot/core/transaction";
import type { Engine, Place, SubmitResult } from "../engine.ts";
import type { ConsensusRpc, Handed } from "./consensus-rpc.ts";
import type { Submissions } from "./submissions.ts";

/** What the engine is made of. */
export type CometEngineParts = {
  readonly rpc: ConsensusRpc;
  readonly submissions: Submissions;
  /** Place of a transaction that entered and could still be repeated. */
  readonly placeOf: (id: Uint8Array) => Place | undefined;
  /** A reason of this node's own to refuse a transaction, such as a payload that is not here. */
  readonly admit: (transaction: Transaction) => Outcome<void>;
  /** Why this node takes nothing, or null while it does. */
  readonly refusesBecause: () => string | null;
  /** Ends the consensus and what serves it. */
  readonly stop: () => Promise<void>;
};

/**
 * Hands transactions to the consensus and waits for their blocks. An answer is given when this node has the block
 * durable, so that what is read here afterwards shows it.
 */
export function cometEngine(parts: CometEngineParts): Engine {
  const { rpc, submissions } = parts;
  let isClosed = false;
  const refusal = (): string | null => (isClosed ? "the node is stopping" : parts.refusesBecause());
  return {
    submit: async (transactions) => {
      const arrivals = transactions.map((bytes) => arrive(bytes, parts, refusal()));
      const fresh = arrivals.filter((arrival) => arrival.isFresh).map(({ bytes }) => bytes);
      if (fresh.length > 0) settleHanded(submissions, fresh, await rpc.broadcast(fresh));
      return Promise.all(arrivals.map(({ result }) => result));
    },
    refusesBecause: refusal,
    close: async () => {
      isClosed = true;
      await parts.stop();
      submissions.abandon("the node is stopping");
      rpc.close();
    },
  };
}

type Arrival = {
  readonly bytes: Uint8Array;
  /** Whether it has to be handed over: it is waited for, and nobody did so before. */
  readonly isFresh: boolean;
  readonly result: SubmitResult | Promise<SubmitResult>;
};

function arrive(bytes: Uint8Array, parts: CometEngineParts, refusal: string | null): Arrival {
  const settled = (id: Uint8Array | null, outcome: Outcome<Place>): Arrival => {
    return { bytes, isFresh: false, result: { id, outcome } };
  };
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) return settled(null, decoded);
  const { id } = decoded.value;
  const place = parts.placeOf(id);
  if (place !== undefined) return settled(id, accept(place));
  if (refusal !== null) return settled(id, reject("NODE_UNAVAILABLE", refusal));
  const admitted = parts.admit(decoded.value);
  if (!admitted.ok) return settled(id, admitted);
  const isFresh = !parts.submissions.isWaitedFor(bytes);
  const result = parts.submissions.wait(bytes).then((outcome) => ({ id, outcome }));
  return { bytes, isFresh, result };
}

/** What was not taken is not waited for. */
function settleHanded(
  submissions: Submissions,
  transactions: readonly Uint8Array[],
  handed: readonly Handed[],
): void {
  for (const [at, answer] of handed.entries()) {
    if (answer.kind !== "taken")
      submissions.settle(transactions[at]!, reject("NODE_UNAVAILABLE", answer.detail));
  }
}
