import { assert } from "@cityroot/core/assert";
import { BLOCK_MISBEHAVIOURS_MAX } from "@cityroot/core/limits";
import { accept, type Outcome } from "@cityroot/core/outcome";
import { numberOfRejection, type Rejection } from "@cityroot/core/rejection";
import type { Network } from "@cityroot/core/state/network";
import type { Envelope } from "@cityroot/core/transaction";
import { CheckTxType } from "../../../generated/tendermint/abci/types_pb.js";
import type { Snapshots } from "../../snapshot/take-snapshots.ts";
import type { StoredHead } from "../../store/registry-store.ts";
import type { Place } from "../engine.ts";
import type { AbciApplication } from "./abci/application.ts";
import type { BlockExecutor, ExecutedBlock } from "./block-executor.ts";
import type { CheckedParcel, CheckedParcels, CheckedTransaction } from "./checked-parcels.ts";
import { checkValidators, misbehaviourOf, parametersOf, updatesBetween } from "./consensus-state.ts";
import { whyOtherRegistry } from "./genesis-state.ts";
import type { HolderShares } from "./holder-shares.ts";
import { transactionsIn } from "./parcel.ts";
import { retainHeightOf } from "./retain-height.ts";
import { snapshotAnswers } from "./snapshot-answers.ts";

/** What the application is made of. */
export type CometApplicationParts = {
  readonly network: Network;
  readonly executor: BlockExecutor;
  /** The newest block that is durable. */
  readonly head: () => StoredHead;
  readonly snapshots: Snapshots;
  /** How many blocks CometBFT keeps at least; null for all. */
  readonly retainBlocks: number | null;
  readonly checked: CheckedParcels;
  /** What the mempool holds of each holder. */
  readonly shares: HolderShares;
  /** Whether a transaction could enter the next block, as the state stands. */
  readonly couldEnter: (transaction: Envelope) => Outcome<void>;
  /** Place of a transaction that entered and is durable. */
  readonly placeOf: (id: Uint8Array) => Place | undefined;
  /** Is told when a block of something is proposed. */
  readonly onProposed: () => void;
  /** Is told of every transaction of a durable block, and of those that the mempool does not take. */
  readonly onDecided: (transaction: Envelope, outcome: Outcome<Place>) => void;
};

/**
 * The time of a block is that of the votes for the block before it (CometBFT's BFT time), and without transactions there are no
 * blocks. After a stillness of so long, in milliseconds, a block of nothing is proposed first: what comes then has the time of
 * votes that were cast just before. It is this node's own affair, so that no wrong clock keeps anybody from deciding.
 */
const STILL_MS_MAX = 5_000;

/** The registry as an application of CometBFT. */
export function cometApplication(parts: CometApplicationParts): AbciApplication {
  const { network, executor, checked, onDecided, snapshots } = parts;
  let executed: Executed | undefined;
  let committedMs = Number.NEGATIVE_INFINITY;
  return {
    info: async () => {
      // A CometBFT that was started has nothing in its mempool.
      parts.shares.clear();
      const { consensusHeight, appHash } = executor.committed();
      return {
        data: "cityroot",
        version: network.id,
        appVersion: BigInt(executor.consensusState().protocol),
        lastBlockHeight: BigInt(consensusHeight),
        lastBlockAppHash: appHash,
      };
    },
    initChain: async ({ chainId, appStateBytes, validators }) => {
      assert(
        chainId === network.id,
        `the consensus is of the network ${chainId}, this registry of ${network.id}`,
      );
      const other = whyOtherRegistry(appStateBytes, network, parts.head());
      if (other !== undefined) throw new Error(other);
      const state = executor.consensusState();
      checkValidators(validators, state.validators);
      return { appHash: executor.committed().appHash, consensusParams: parametersOf(state) };
    },
    checkTx: async ({ tx, type }) => {
      const refused = await whyRefused(parts, tx, type === CheckTxType.RECHECK);
      if (refused === undefined) return { code: 0 };
      checked.drop(tx);
      return refusalOf(refused);
    },
    prepareProposal: async ({ txs, maxTxBytes }) => {
      if (performance.now() - committedMs > STILL_MS_MAX) return { txs: [] };
      const { blockTransactionsMax } = executor.consensusState();
      return { txs: takeFirst(txs, maxTxBytes, blockTransactionsMax) };
    },
    processProposal: async ({ txs }) => {
      if (txs.length > 0) parts.onProposed();
      // It depends on the bytes and on parameters that all nodes share after the block before, so that all say the same: a
      // correct proposer has checked what it proposes.
      const { blockTransactionsMax } = executor.consensusState();
      const transactions = txs.reduce((sum, tx) => sum + transactionsIn(tx), 0);
      const isFit = Math.max(txs.length, transactions) <= blockTransactionsMax;
      const all = isFit ? await checked.check(txs) : [];
      return { status: isFit && all.every(({ ok }) => ok) ? ACCEPT : REJECT };
    },
    finalizeBlock: async ({ height, hash, time, txs, misbehavior }) => {
      assert(time !== undefined, "a block has a time");
      const parcels = await checked.check(txs);
      const transactions = parcels.flatMap((parcel) => (parcel.ok ? parcel.value : []));
      const block = executor.finalize({
        consensusHeight: Number(height),
        digest: hash,
        timeMs: Number(time.seconds) * 1_000 + Math.floor(time.nanos / 1_000_000),
        transactions,
        misbehaviour: misbehavior.slice(0, BLOCK_MISBEHAVIOURS_MAX).map(misbehaviourOf),
      });
      executed = { txs, transactions, block };
      return {
        txResults: resultsOf(parcels, block.outcomes),
        appHash: block.appHash,
        ...updatesBetween(block.before, block.after),
      };
    },
    commit: async () => {
      assert(executed !== undefined, "a block is executed before it is committed");
      const { txs, transactions, block } = executed;
      await executor.commit();
      committedMs = performance.now();
      executed = undefined;
      for (const [at, { transaction }] of transactions.entries()) onDecided(transaction, block.outcomes[at]!);
      checked.forget(txs);
      const { consensusHeight } = executor.committed();
      await snapshots.onDurable(consensusHeight);
      const retained = retainHeightOf(consensusHeight, parts.retainBlocks, snapshots.oldestHeight());
      return { retainHeight: BigInt(retained) };
    },
    query: async () => ({ code: 1, log: "questions are answered by the registry's own API" }),
    ...snapshotAnswers(snapshots, () => executor.committed().consensusHeight),
  };
}

/** A block that was worked out: the consensus' own transactions, what they hold, and what it led to. */
type Executed = {
  readonly txs: readonly Uint8Array[];
  readonly transactions: readonly CheckedTransaction[];
  readonly block: ExecutedBlock;
};

/** The first parcels, as many as a block may hold. */
function takeFirst(txs: Uint8Array[], bytesMax: bigint, transactionsMax: number): Uint8Array[] {
  let bytes = 0n;
  let transactions = 0;
  const end = txs.findIndex((tx) => {
    bytes += BigInt(proposedBytesOf(tx));
    transactions += transactionsIn(tx);
    return bytes > bytesMax || transactions > transactionsMax;
  });
  return end < 0 ? txs : txs.slice(0, end);
}

/** Values of ABCI's enumeration `ResponseProcessProposal`. */
const ACCEPT = 1;
const REJECT = 2;

const TOO_MUCH: Rejection = {
  name: "NODE_UNAVAILABLE",
  detail: "as much of this holder waits for a block as may",
};

/**
 * Why the mempool does not take a parcel, or undefined where it does. Whoever reaches a peer of this node can send one, and
 * no block is decided before it was looked at: what none of the ledger's keys signed is to cost no more than its length.
 */
async function whyRefused(
  parts: CometApplicationParts,
  parcel: Uint8Array,
  isKept: boolean,
): Promise<Rejection | undefined> {
  const { checked, shares } = parts;
  const looked = checked.look(parcel);
  if (!looked.ok) return looked.rejection;
  const first = firstToEnter(parts, looked.value.envelopes);
  if (typeof first !== "number") return first;
  const verdict = await looked.value.admit(first);
  if (!verdict.ok) return verdict.rejection;
  if (!isKept && shares.isTooMuch(verdict.value)) return TOO_MUCH;
  shares.keep(parcel, verdict.value);
  return undefined;
}

/**
 * Which of a parcel's transactions is the first that can enter, or why none can: what no longer can does not keep the others
 * from it. Who waits for them is told.
 */
function firstToEnter(
  { couldEnter, placeOf, onDecided }: CometApplicationParts,
  transactions: readonly Envelope[],
): number | Rejection {
  const rejections: Rejection[] = [];
  for (const [at, transaction] of transactions.entries()) {
    const outcome = couldEnter(transaction);
    if (outcome.ok) return at;
    rejections.push(outcome.rejection);
  }
  for (const [at, transaction] of transactions.entries()) {
    const rejection = rejections[at]!;
    // A repetition gives the place of what entered; of a block that is not durable yet, its commit will tell.
    const place = rejection.name === "DUPLICATE" ? placeOf(transaction.id) : undefined;
    if (place !== undefined) onDecided(transaction, accept(place));
    else if (rejection.name !== "DUPLICATE") onDecided(transaction, { ok: false, rejection });
  }
  return rejections[0]!;
}

function refusalOf({ name, detail }: Rejection): {
  readonly code: number;
  readonly log: string;
  readonly codespace: string;
} {
  return { code: numberOfRejection(name), log: `${name}: ${detail}`, codespace: "cityroot" };
}

/**
 * Results of the parcels of a block. A code is hashed into the next header: 0 where something entered, or the number of
 * the first refusal. What else there is to say is in the ledger.
 */
function resultsOf(
  parcels: readonly CheckedParcel[],
  outcomes: readonly Outcome<Place>[],
): { readonly code: number }[] {
  let from = 0;
  return parcels.map((parcel) => {
    if (!parcel.ok) return { code: numberOfRejection(parcel.rejection.name) };
    const own = outcomes.slice(from, from + parcel.value.length);
    from += parcel.value.length;
    const [first] = own;
    const isEntered = own.some(({ ok }) => ok) || first === undefined || first.ok;
    return { code: isEntered ? 0 : numberOfRejection(first.rejection.name) };
  });
}

/** Bytes of a transaction in a proposal: with the head of its field. */
function proposedBytesOf(tx: Uint8Array): number {
  return tx.length + 1 + (tx.length < 128 ? 1 : tx.length < 16_384 ? 2 : tx.length < 2_097_152 ? 3 : 4);
}
