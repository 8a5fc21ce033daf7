import { accept, type Outcome, reject } from "@cityroot/core/outcome";
import { decodeTransaction, type Transaction } from "@cityroot/core/transaction";
import type { Engine, Place, TakeResult } from "../engine.ts";
import type { ConsensusStanding } from "../engine-standing.ts";
import { openTurns, type Turns } from "../turns.ts";
import type { CheckedTransaction } from "./checked-parcels.ts";
import type { Handed } from "./consensus-rpc.ts";
import type { Outbox } from "./outbox.ts";
import type { Submissions } from "./submissions.ts";

/** What the engine is made of. */
export type CometEngineParts = {
  readonly outbox: Outbox;
  readonly submissions: Submissions;
  /** Checks the signatures of transactions, in their order. */
  readonly checkSignatures: (all: readonly Transaction[]) => Promise<readonly Outcome<Transaction>[]>;
  /** Whether a transaction could enter the next block, as the state stands. */
  readonly couldEnter: (transaction: Transaction) => Outcome<void>;
  /** Place of a transaction that entered and could still be repeated. */
  readonly placeOf: (id: Uint8Array) => Place | undefined;
  /** A reason of this node's own to refuse a transaction, such as a payload that is not here. */
  readonly admit: (transaction: Transaction) => Outcome<void>;
  /** Why this node takes nothing, or null while it does. */
  readonly refusesBecause: () => string | null;
  readonly askConsensus: NonNullable<Engine["askConsensus"]>;
  readonly consensusStanding: () => Promise<ConsensusStanding>;
  /** Ends the consensus and what serves it. */
  readonly stop: () => Promise<void>;
};

/**
 * Hands transactions to the consensus and waits for their blocks. An answer is given when this node has the block
 * durable, so that what is read here afterwards shows it.
 */
export function cometEngine(parts: CometEngineParts): Engine {
  const { submissions } = parts;
  const turns = openTurns();
  let isClosed = false;
  const refusal = (): string | null => (isClosed ? "the node is stopping" : parts.refusesBecause());
  return {
    submit: async (transactions) => {
      const arrivals = await readAll(transactions, turns, parts, refusal());
      return Promise.all(
        arrivals.map(async (arrival) => {
          if (arrival.kind === "settled") return arrival.result;
          const { id } = arrival.transaction;
          return { id, outcome: await submitOne(parts, arrival) };
        }),
      );
    },
    take: async (transactions) => {
      const arrivals = await readAll(transactions, turns, parts, refusal());
      return Promise.all(
        arrivals.map(async (arrival): Promise<TakeResult> => {
          if (arrival.kind === "settled") return arrival.result;
          const { id } = arrival.transaction;
          return { id, outcome: await takeOne(parts, arrival) };
        }),
      );
    },
    refusesBecause: refusal,
    askConsensus: parts.askConsensus,
    standing: async () => ({ writes: refusal(), consensus: await parts.consensusStanding() }),
    close: async () => {
      isClosed = true;
      await parts.stop();
      submissions.abandon("the node is stopping");
    },
  };
}

type Settled = {
  readonly kind: "settled";
  readonly result: { readonly id: Uint8Array | null; readonly outcome: Outcome<Place> };
};
type Good = CheckedTransaction & { readonly kind: "good" };

async function readAll(
  all: readonly Uint8Array[],
  turns: Turns,
  parts: CometEngineParts,
  refusal: string | null,
): Promise<readonly (Settled | Good)[]> {
  const read: (Settled | Good)[] = [];
  // Nobody has signed yet, and the worst of them take long to read: blocks are decided meanwhile.
  await turns.each(all, (bytes) => {
    read.push(readOne(bytes, parts, refusal));
  });
  const good = read.filter((arrival) => arrival.kind === "good");
  const verdicts = await parts.checkSignatures(good.map(({ transaction }) => transaction));
  const arrivals: (Settled | Good)[] = [];
  let at = 0;
  await turns.each(read, (arrival) => {
    if (arrival.kind === "settled") return arrivals.push(arrival);
    const verdict = verdicts[at++]!;
    // What takes reading is asked only of what is signed.
    const admitted = verdict.ok ? parts.admit(arrival.transaction) : verdict;
    return arrivals.push(admitted.ok ? arrival : settled(arrival.transaction.id, admitted));
  });
  return arrivals;
}

/** What can be said of a transaction before its signatures are checked. */
function readOne(bytes: Uint8Array, parts: CometEngineParts, refusal: string | null): Settled | Good {
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) return settled(null, decoded);
  const { id } = decoded.value;
  const place = parts.placeOf(id);
  if (place !== undefined) return settled(id, accept(place));
  if (refusal !== null) return settled(id, reject("NODE_UNAVAILABLE", refusal));
  return { kind: "good", bytes, transaction: decoded.value };
}

function settled(id: Uint8Array | null, outcome: Outcome<Place>): Settled {
  return { kind: "settled", result: { id, outcome } };
}

/** Waits for what becomes of a transaction, and hands it over unless somebody did so before. */
function submitOne(parts: CometEngineParts, good: Good): Promise<Outcome<Place>> | Outcome<Place> {
  const { submissions } = parts;
  const { transaction } = good;
  if (submissions.isWaitedFor(transaction)) return submissions.wait(transaction);
  const refused = refusalOf(parts, transaction);
  // Of what entered a block that is not durable yet, its commit will tell.
  if (refused !== undefined && refused.rejection.name !== "DUPLICATE") return refused;
  const outcome = submissions.wait(transaction);
  if (refused === undefined) {
    void parts.outbox.hand(good).then((handed) => {
      // What was not taken is not waited for.
      if (handed.kind !== "taken") submissions.settle(transaction, notTaken(parts, transaction, handed));
    });
  }
  return outcome;
}

async function takeOne(parts: CometEngineParts, good: Good): Promise<Outcome<Place | null>> {
  const { transaction } = good;
  const refused = refusalOf(parts, transaction);
  if (refused !== undefined) return refused.rejection.name === "DUPLICATE" ? accept(null) : refused;
  const handed = await parts.outbox.hand(good);
  return handed.kind === "taken" ? accept(null) : notTaken(parts, transaction, handed);
}

function refusalOf(
  parts: CometEngineParts,
  transaction: Transaction,
): Extract<Outcome<never>, { ok: false }> | undefined {
  const outcome = parts.couldEnter(transaction);
  return outcome.ok ? undefined : outcome;
}

/** Why a transaction was not taken: what it could be refused for, or that the consensus does not work. */
function notTaken(
  parts: CometEngineParts,
  transaction: Transaction,
  handed: Exclude<Handed, { readonly kind: "taken" }>,
): Outcome<Place> {
  const refused = refusalOf(parts, transaction);
  if (refused === undefined) return reject("NODE_UNAVAILABLE", handed.detail);
  const place = refused.rejection.name === "DUPLICATE" ? parts.placeOf(transaction.id) : undefined;
  return place === undefined ? refused : accept(place);
}
