import { assert } from "@cityroot/core/assert";
import { PROTOCOL_VERSION } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { accept, type Outcome } from "@cityroot/core/outcome";
import { numberOfRejection } from "@cityroot/core/rejection";
import type { Network } from "@cityroot/core/state/network";
import type { Transaction } from "@cityroot/core/transaction";
import type { Place } from "../engine.ts";
import type { AbciApplication } from "./abci/application.ts";
import type { BlockExecutor, ExecutedBlock } from "./block-executor.ts";
import type { CheckedTransaction, CheckedTransactions } from "./checked-transactions.ts";

/** Most transactions of a block: bounds the time in which nothing else is done. */
const BLOCK_TRANSACTIONS_MAX = 5_000;

/** What the application is made of. */
export type CometApplicationParts = {
  readonly network: Network;
  readonly executor: BlockExecutor;
  readonly checked: CheckedTransactions;
  /** Whether a transaction could enter the next block, as the state stands. */
  readonly couldEnter: (transaction: Transaction) => Outcome<void>;
  /** Place of a transaction that entered and is durable. */
  readonly placeOf: (id: Uint8Array) => Place | undefined;
  /** Is told of every transaction of a durable block, and of those that the mempool does not take. */
  readonly onDecided: (bytes: Uint8Array, outcome: Outcome<Place>) => void;
};

/** The registry as an application of CometBFT. */
export function cometApplication(parts: CometApplicationParts): AbciApplication {
  const { network, executor, checked, couldEnter, placeOf, onDecided } = parts;
  let executed: { readonly transactions: readonly Uint8Array[]; readonly block: ExecutedBlock } | undefined;
  return {
    info: async () => {
      const { consensusHeight, appHash } = executor.committed();
      return {
        data: "cityroot",
        version: network.id,
        appVersion: BigInt(PROTOCOL_VERSION),
        lastBlockHeight: BigInt(consensusHeight),
        lastBlockAppHash: appHash,
      };
    },
    initChain: async ({ chainId, appStateBytes }) => {
      assert(
        chainId === network.id,
        `the consensus is of the network ${chainId}, this registry of ${network.id}`,
      );
      const stated = genesisIn(appStateBytes);
      assert(
        stated === bytesToHex(network.genesis),
        "the consensus begins with the genesis of this registry",
      );
      return { appHash: executor.committed().appHash };
    },
    checkTx: async ({ tx }) => {
      const [one] = await checked.check([tx]);
      const outcome = admit(one!, couldEnter);
      if (outcome.ok) return { code: 0 };
      const { name, detail } = outcome.rejection;
      if (name !== "DUPLICATE" || !one!.outcome.ok) onDecided(tx, outcome);
      else {
        // A repetition gives the place of what entered; of a block that is not durable yet, its commit will tell.
        const place = placeOf(one!.outcome.value.id);
        if (place !== undefined) onDecided(tx, accept(place));
      }
      return { code: numberOfRejection(name), log: `${name}: ${detail}`, codespace: "cityroot" };
    },
    prepareProposal: async ({ txs, maxTxBytes }) => {
      let bytes = 0n;
      const taken: Uint8Array[] = [];
      for (const tx of txs) {
        bytes += BigInt(proposedBytesOf(tx));
        if (bytes > maxTxBytes || taken.length === BLOCK_TRANSACTIONS_MAX) break;
        taken.push(tx);
      }
      return { txs: taken };
    },
    processProposal: async ({ txs }) => {
      // It depends on the bytes alone, so that all nodes say the same: a correct proposer has checked what it proposes.
      const isFit = txs.length <= BLOCK_TRANSACTIONS_MAX;
      const all = isFit ? await checked.check(txs) : [];
      const isGood = isFit && all.every(({ outcome }) => outcome.ok);
      return { status: isGood ? ACCEPT : REJECT };
    },
    finalizeBlock: async ({ height, hash, time, txs }) => {
      assert(time !== undefined, "a block has a time");
      const block = executor.finalize({
        consensusHeight: Number(height),
        digest: hash,
        timeMs: Number(time.seconds) * 1_000 + Math.floor(time.nanos / 1_000_000),
        transactions: await checked.check(txs),
      });
      executed = { transactions: txs, block };
      return { txResults: block.outcomes.map(resultOf), appHash: block.appHash };
    },
    commit: async () => {
      assert(executed !== undefined, "a block is executed before it is committed");
      const { transactions, block } = executed;
      await executor.commit();
      executed = undefined;
      for (const [at, bytes] of transactions.entries()) onDecided(bytes, block.outcomes[at]!);
      checked.forget(transactions);
      return {};
    },
    query: async () => ({ code: 1, log: "questions are answered by the registry's own API" }),
    listSnapshots: async () => ({ snapshots: [] }),
    offerSnapshot: async () => ({ result: SNAPSHOT_REJECTED }),
    loadSnapshotChunk: async () => ({}),
    applySnapshotChunk: async () => ({ result: CHUNK_ABORTED }),
  };
}

/** Values of ABCI's enumerations: `ResponseProcessProposal`, `ResponseOfferSnapshot`, `ResponseApplySnapshotChunk`. */
const ACCEPT = 1;
const REJECT = 2;
const SNAPSHOT_REJECTED = 3;
const CHUNK_ABORTED = 2;

function admit(
  { outcome }: CheckedTransaction,
  couldEnter: (transaction: Transaction) => Outcome<void>,
): Outcome<never> | Outcome<void> {
  return outcome.ok ? couldEnter(outcome.value) : outcome;
}

/** Result of a transaction: its code is hashed into the next header, what else there is to say is in the ledger. */
function resultOf(outcome: Outcome<Place>): { readonly code: number } {
  return { code: outcome.ok ? 0 : numberOfRejection(outcome.rejection.name) };
}

/** Bytes of a transaction in a proposal: with the head of its field. */
function proposedBytesOf(tx: Uint8Array): number {
  return tx.length + 1 + (tx.length < 128 ? 1 : tx.length < 16_384 ? 2 : tx.length < 2_097_152 ? 3 : 4);
}

function genesisIn(appState: Uint8Array): unknown {
  try {
    return (JSON.parse(Buffer.from(appState).toString("utf8")) as { genesis?: unknown } | null)?.genesis;
  } catch {
    return undefined;
  }
}
