import { accept, type Outcome, reject } from "@cityroot/core/outcome";
import {
  decodeTransaction,
  rejectSignature,
  signedMessageOf,
  type Transaction,
} from "@cityroot/core/transaction";
import type { Check } from "../../signature/frame.ts";
import type { SignaturePool } from "../../signature/signature-pool.ts";
import type { Engine, SubmitResult } from "../engine.ts";
import { nameOf } from "../transaction-name.ts";
import { openTurns } from "../turns.ts";
import type { BlockMaker, MadeBlock } from "./block-maker.ts";
import type { PendingTransaction } from "./pending-transaction.ts";

/** Most transactions of a block: bounds the time in which nothing else is done. */
export const BLOCK_TRANSACTIONS_MAX = 2_000;
/** Most bytes of transactions in a block. */
export const BLOCK_BYTES_MAX: number = 8 * 1024 * 1024;

/** What the engine is made of. */
export type EmbeddedEngineParts = {
  readonly maker: BlockMaker;
  readonly signatures: SignaturePool;
  /** A reason of this node's own to refuse a transaction, such as a payload that is not here. */
  readonly admit: (transaction: Transaction) => Outcome<void>;
  /** Is told when the engine stops taking transactions, and why. */
  readonly onStop: (reason: string, cause: unknown) => void;
};

/**
 * Orders transactions in one process. While a block is being written, the next one is worked out, and what comes in
 * meanwhile gathers for the one after: the busier it is, the more transactions share one write.
 */
export function startEmbeddedEngine(parts: EmbeddedEngineParts): Engine {
  const blocks = makeBlocks(parts);
  const turns = openTurns();
  /** Transactions between their arrival and the durability of their block, by {@link nameOf}. */
  const underWay = new Map<string, Promise<SubmitResult>>();
  const enqueue = ({ transaction, bytes, name }: WaitingArrival): Promise<SubmitResult> => {
    const { promise, resolve } = Promise.withResolvers<SubmitResult>();
    underWay.set(name, promise);
    const settle = (result: SubmitResult): void => {
      underWay.delete(name);
      resolve(result);
    };
    blocks.enqueue({ transaction, bytes, resolve: settle });
    return promise;
  };
  const submit: Engine["submit"] = async (transactions) => {
    const arrivals: Arrival[] = [];
    // Nobody has signed yet, and the worst of them take long to read.
    await turns.each(transactions, (bytes) => {
      arrivals.push(arrive(bytes, parts, underWay, blocks.refusesBecause()));
    });
    const checks = arrivals.flatMap((arrival) => arrival.checks);
    const verdicts = await parts.signatures.check(checks);
    let at = 0;
    const resultOf = (arrival: Arrival): SubmitResult | Promise<SubmitResult> => {
      const own = verdicts.slice(at, at + arrival.checks.length);
      at += arrival.checks.length;
      if (arrival.result !== undefined) return arrival.result;
      const { transaction } = arrival;
      const bad = own.indexOf(false);
      if (bad >= 0) return { id: transaction.id, outcome: rejectSignature(bad) };
      const again = underWay.get(arrival.name);
      if (again !== undefined) return again;
      // What takes reading is asked only of what is signed.
      const admitted = parts.admit(transaction);
      if (!admitted.ok) return { id: transaction.id, outcome: admitted };
      return enqueue(arrival);
    };
    const results: (SubmitResult | Promise<SubmitResult>)[] = [];
    await turns.each(arrivals, (arrival) => {
      results.push(resultOf(arrival));
    });
    return Promise.all(results);
  };
  return {
    submit,
    take: submit,
    refusesBecause: blocks.refusesBecause,
    close: async () => {
      await blocks.close();
      await parts.maker.close();
    },
  };
}

/** Puts transactions into blocks, one block after the other, until one cannot be made durable. */
type Blocks = {
  readonly enqueue: (pending: PendingTransaction) => void;
  readonly refusesBecause: () => string | null;
  readonly close: () => Promise<void>;
};

function makeBlocks({ maker, onStop }: Pick<EmbeddedEngineParts, "maker" | "onStop">): Blocks {
  const queue: PendingTransaction[] = [];
  let stopped: string | null = null;
  let hasFailed = false;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;

  const stop = (reason: string, cause: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    stopped = reason;
    refuseAll(queue.splice(0), reason);
    onStop(reason, cause);
  };

  const run = async (): Promise<void> => {
    let writing: Promise<void> = Promise.resolve();
    // What arrived together goes into one block.
    await yieldToEvents();
    while (queue.length > 0 && stopped === null) {
      const taken = takeBlock(queue);
      const made = makeBlock(taken);
      // Blocks are durable in order: this one is handed over when the one before it is.
      await writing;
      if (made === undefined || hasFailed) {
        refuseAll(taken, stopped!);
        return;
      }
      writing = finishBlock(made);
      // While the store works, what has arrived by now can be taken into the next block.
      await yieldToEvents();
    }
    await writing;
  };

  const makeBlock = (taken: readonly PendingTransaction[]): MadeBlock | undefined => {
    try {
      return maker.make(taken);
    } catch (cause) {
      stop(`the engine stopped: a block could not be made: ${(cause as Error).message}`, cause);
      return undefined;
    }
  };

  const finishBlock = async ({ write, results }: MadeBlock): Promise<void> => {
    try {
      await write();
    } catch (cause) {
      stop("the store does not take blocks", cause);
      const lost = results.map(({ pending }) => pending);
      return refuseAll(lost, stopped!);
    }
    for (const { pending, outcome } of results) pending.resolve({ id: pending.transaction.id, outcome });
  };

  const wake = (): void => {
    if (isRunning) return;
    isRunning = true;
    running = run().finally(() => {
      isRunning = false;
      if (queue.length > 0 && stopped === null) wake();
    });
  };

  return {
    enqueue: (pending) => {
      if (stopped !== null) return refuseAll([pending], stopped);
      queue.push(pending);
      wake();
    },
    refusesBecause: () => stopped,
    close: async () => {
      stopped ??= "the node is stopping";
      await running;
      refuseAll(queue.splice(0), stopped);
    },
  };
}

/** A transaction as it came, with the checks of its signatures. */
type Arrival = SettledArrival | WaitingArrival;

type SettledArrival = {
  readonly checks: readonly Check[];
  readonly result: SubmitResult | Promise<SubmitResult>;
};

type WaitingArrival = {
  readonly checks: readonly Check[];
  readonly result?: undefined;
  readonly transaction: Transaction;
  readonly bytes: Uint8Array;
  readonly name: string;
};

/** What can be said of a transaction before its signatures are checked. */
function arrive(
  bytes: Uint8Array,
  { maker }: EmbeddedEngineParts,
  underWay: ReadonlyMap<string, Promise<SubmitResult>>,
  refusal: string | null,
): Arrival {
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) return { checks: [], result: { id: null, outcome: decoded } };
  const transaction = decoded.value;
  const name = nameOf(transaction);
  const again = underWay.get(name);
  if (again !== undefined) return { checks: [], result: again };
  const entered = maker.placeOf(transaction.id);
  if (entered !== undefined) return { checks: [], result: { id: transaction.id, outcome: accept(entered) } };
  if (refusal !== null) return { checks: [], result: unavailable(transaction.id, refusal) };
  const message = signedMessageOf(transaction.id);
  const checks = transaction.signatures.map(({ publicKey, signature }) => ({
    publicKey,
    signature,
    message,
  }));
  return { checks, bytes, transaction, name };
}

/** Takes from the queue what one block may hold. */
function takeBlock(queue: PendingTransaction[]): PendingTransaction[] {
  let bytes = 0;
  let count = 0;
  while (count < queue.length && count < BLOCK_TRANSACTIONS_MAX) {
    bytes += queue[count]!.bytes.length;
    if (count > 0 && bytes > BLOCK_BYTES_MAX) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function refuseAll(transactions: readonly PendingTransaction[], reason: string): void {
  for (const { resolve, transaction } of transactions) resolve(unavailable(transaction.id, reason));
}

function unavailable(id: Uint8Array, reason: string): SubmitResult {
  return { id, outcome: reject("NODE_UNAVAILABLE", reason) };
}

function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
