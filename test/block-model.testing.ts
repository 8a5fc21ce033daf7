import { type Block, decodeBlock, logEntriesOf } from "@cityroot/core/block";
import { applyGenesis, type Genesis } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { openLedger } from "@cityroot/core/ledger";
import { appendLeaves, EMPTY_FRONTIER, type LogFrontier, leafHash } from "@cityroot/core/log/tree";
import { stateRootOf } from "@cityroot/core/proof/trie";
import { type MemoryState, memoryState } from "@cityroot/core/state/memory";
import { replayWindow } from "@cityroot/core/state/replay";
import { decodeTransaction } from "@cityroot/core/transaction";
import type { Place } from "@cityroot/node/engine/engine";
import { expect } from "vitest";

/** What the blocks of a registry amount to, worked out in memory and apart from all that the store keeps of them. */
export type BlockModel = {
  readonly state: MemoryState;
  readonly height: () => number;
  /**
   * Applies the blocks up to a height; every transaction in them must be good and enter for the first time. Gives the
   * number of transactions.
   */
  readonly follow: (readBlock: (height: number) => Uint8Array | undefined, height: number) => number;
  /** Where transactions entered, by their bytes. */
  readonly placeOf: (transaction: Uint8Array) => Place | undefined;
  /** State root over all entries, worked out anew. */
  readonly root: () => Uint8Array;
  /** The log of all blocks that were followed. */
  readonly log: () => LogFrontier;
  /** The newest block that was followed. */
  readonly newest: () => Block | undefined;
};

/** The model of a genesis. */
export function blockModel(genesis: Genesis): BlockModel {
  const state = memoryState();
  const network = applyGenesis(state, genesis);
  if (!network.ok) throw new Error(network.rejection.detail);
  const ledger = openLedger(network.value, replayWindow());
  const places = new Map<string, Place>();
  let newest: Block | undefined;
  let log = EMPTY_FRONTIER;
  const apply = (block: Block): void => {
    const transactions = block.transactions.map((bytes, index) => {
      const decoded = decodeTransaction(bytes);
      if (!decoded.ok) throw new Error(decoded.rejection.detail);
      expect(places.has(bytesToHex(bytes)), `block ${block.height} repeats a transaction`).toBe(false);
      places.set(bytesToHex(bytes), { height: block.height, index });
      return decoded.value;
    });
    if (block.height > 0) {
      const outcomes = ledger.applyBlock(state, transactions, block, block.misbehaviour);
      for (const outcome of outcomes) expect(outcome, `block ${block.height}`).toEqual({ ok: true });
    }
    log = appendLeaves(log, logEntriesOf(block).map(leafHash));
    newest = block;
  };
  return {
    state,
    height: () => newest?.height ?? -1,
    follow: (readBlock, height) => {
      const known = places.size;
      for (let at = (newest?.height ?? -1) + 1; at <= height; at++) {
        const bytes = readBlock(at);
        const block = bytes === undefined ? undefined : decodeBlock(bytes);
        if (block === undefined) throw new Error(`block ${at} of ${height} is not there`);
        expect(block.height).toBe(at);
        apply(block);
      }
      return places.size - known;
    },
    placeOf: (transaction) => places.get(bytesToHex(transaction)),
    root: () => stateRootOf(state.entries())!,
    log: () => log,
    newest: () => newest,
  };
}
