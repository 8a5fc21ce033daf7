import { type Block, decodeBlock } from "@cityroot/core/block";
import { applyGenesis, type Genesis, networkOf } from "@cityroot/core/genesis";
import { bytesToHex, equalBytes } from "@cityroot/core/hex";
import { openLedger } from "@cityroot/core/ledger";
import { EMPTY_FRONTIER } from "@cityroot/core/log/tree";
import { replayWindow } from "@cityroot/core/state/replay";
import { decodeTransaction, signedMessageOf, type Transaction } from "@cityroot/core/transaction";
import { type CheckpointSigner, seal } from "../engine/seal.ts";
import { openLogWriter } from "../log/log-writer.ts";
import type { SignaturePool } from "../signature/signature-pool.ts";
import { openState } from "../store/open-state.ts";
import type { RegistryStore } from "../store/registry-store.ts";

/** What a replay is made of. */
export type ReplayParts = {
  readonly genesis: Genesis;
  /** Bytes of the blocks from height 0 up, without a gap. */
  readonly blocks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** An empty store, which holds the same registry afterwards, and its folder. */
  readonly store: RegistryStore;
  readonly folder: string;
  readonly signer: CheckpointSigner;
  readonly signatures: SignaturePool;
  readonly onBlock?: (height: number, transactions: number) => void;
};

/** Thrown when a history does not bear out what it says of itself: where, and what differs. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}

/**
 * Works a registry out again from its first block: every signature, every rule, every root. It trusts nothing of the
 * blocks but their order. Gives the height that it reached.
 */
export async function replayBlocks(parts: ReplayParts): Promise<number> {
  const { store, folder, genesis, signatures } = parts;
  const state = openState(store, folder, undefined);
  const window = replayWindow();
  const ledger = openLedger(networkOf(genesis), window);
  const log = openLogWriter(EMPTY_FRONTIER, store);
  let height = -1;
  let timeMs = 0;
  let writing: Promise<void> = Promise.resolve();
  for await (const bytes of parts.blocks) {
    const block = checkOrder(decodeBlock(bytes), height + 1, timeMs);
    state.begin({ height: block.height, timeMs: block.timeMs });
    if (block.height === 0) {
      const applied = applyGenesis(state.tree, genesis);
      if (!applied.ok || block.timeMs !== genesis.timeMs)
        throw new HistoryError("block 0 is not that of the genesis");
    } else {
      const transactions = await openTransactions(block, signatures);
      ledger.demandRules(state.tree, block.height);
      ledger.record(state.tree, block.misbehaviour ?? [], block);
      for (const [at, transaction] of transactions.entries()) {
        const outcome = ledger.apply(state.tree, transaction, block);
        if (outcome.ok) continue;
        throw new HistoryError(
          `block ${block.height}, transaction ${at}: ${outcome.rejection.name}, ${outcome.rejection.detail}`,
        );
      }
      ledger.finish(state.tree, transactions, block);
    }
    const sealed = seal({ state, log, signer: parts.signer }, block, block.transactions, block.misbehaviour);
    if (!equalBytes(sealed.blockWrite.head.stateRoot, block.stateRoot)) {
      const roots = `${bytesToHex(sealed.blockWrite.head.stateRoot)} worked out, ${bytesToHex(block.stateRoot)} stated`;
      throw new HistoryError(`block ${block.height}: the state root differs: ${roots}`);
    }
    await writing;
    writing = store.write(sealed.blockWrite).then(sealed.written);
    height = block.height;
    timeMs = block.timeMs;
    parts.onBlock?.(height, block.transactions.length);
  }
  await writing;
  await state.settle();
  return height;
}

function checkOrder(block: Block | undefined, height: number, timeMs: number): Block {
  if (block === undefined) throw new HistoryError(`the bytes of block ${height} are no block`);
  if (block.height !== height)
    throw new HistoryError(`block ${height} is missing: the next one is of height ${block.height}`);
  if (block.timeMs < timeMs)
    throw new HistoryError(`block ${height}: its time lies before that of the block before`);
  // The embedded ledger keeps out what it refuses, so a result that is not 0 was put there by someone else.
  if (block.results.some((result) => result !== 0))
    throw new HistoryError(`block ${height} holds a refused transaction`);
  return block;
}

/** The transactions of a block, each with all its signatures checked. */
async function openTransactions(block: Block, signatures: SignaturePool): Promise<Transaction[]> {
  const transactions = block.transactions.map((bytes, at) => {
    const decoded = decodeTransaction(bytes);
    if (decoded.ok) return decoded.value;
    throw new HistoryError(`block ${block.height}, transaction ${at}: ${decoded.rejection.detail}`);
  });
  const verdicts = await signatures.check(
    transactions.flatMap(({ id, signatures: own }) =>
      own.map(({ publicKey, signature }) => ({ publicKey, signature, message: signedMessageOf(id) })),
    ),
  );
  if (verdicts.includes(false))
    throw new HistoryError(`block ${block.height} holds a signature that does not verify`);
  return transactions;
}
