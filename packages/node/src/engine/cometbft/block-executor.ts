import { assert } from "@cityroot/core/assert";
import { encodeCbor } from "@cityroot/core/cbor";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import type { Outcome } from "@cityroot/core/outcome";
import type { Misbehaviour } from "@cityroot/core/state/misbehaviour";
import type { RegistryStore, StoredHead } from "../../store/registry-store.ts";
import { applyBlock } from "../apply-block.ts";
import type { Place } from "../engine.ts";
import type { OpenLedger } from "../open-ledger.ts";
import { seal } from "../seal.ts";
import type { CheckedTransaction } from "./checked-parcels.ts";
import { type ConsensusState, readConsensusState } from "./consensus-state.ts";

/** A block as the consensus decided it. */
export type DecidedBlock = {
  /** Height of the consensus, from 1 up: blocks that change nothing count here as well. */
  readonly consensusHeight: number;
  /** Digest of the consensus block: tells whether a block that comes again is the same. */
  readonly digest: Uint8Array;
  /** Time of the consensus block, in milliseconds since 1970-01-01 UTC, rounded down. */
  readonly timeMs: number;
  readonly transactions: readonly CheckedTransaction[];
  /** What it reports of validators. */
  readonly misbehaviour: readonly Misbehaviour[];
};

/** What a block led to: the same on every node. */
export type ExecutedBlock = {
  /** In the order of the block's transactions. */
  readonly outcomes: readonly Outcome<Place>[];
  /** What stands in the header of the next block, 32 bytes: see {@link appHashOf}. */
  readonly appHash: Uint8Array;
  /** What the consensus is to go on with, before the block and after it. */
  readonly before: ConsensusState;
  readonly after: ConsensusState;
};

/** Executes decided blocks one after the other. Nothing is durable before {@link BlockExecutor.commit}. */
export type BlockExecutor = {
  /** Works a block out. The same block again gives the same answer, as long as it was not committed. */
  readonly finalize: (block: DecidedBlock) => ExecutedBlock;
  /** Makes the finalized block durable, in one transaction of the store; gives what {@link finalize} gave. */
  readonly commit: () => Promise<ExecutedBlock>;
  /** Height of the consensus and app hash after the newest committed block; height 0 before the first. */
  readonly committed: () => { readonly consensusHeight: number; readonly appHash: Uint8Array };
  /** Height of the ledger after the newest committed block. */
  readonly ledgerHeight: () => number;
  /** What the consensus is to go on with after the newest committed block. */
  readonly consensusState: () => ConsensusState;
  /** Settles when nothing is being written beside the blocks. */
  readonly close: () => Promise<void>;
};

/** Executes blocks of the consensus over an open ledger. */
export function blockExecutor(parts: OpenLedger, store: RegistryStore): BlockExecutor {
  const { state } = parts;
  let newest = parts.newest;
  let consensusHeight = store.consensusHeight();
  let appHash = appHashOf(demandHead(store));
  let current = readConsensusState(state.tree, newest.height + 1);
  let finalized: Finalized | undefined;

  const execute = (block: DecidedBlock): Finalized => {
    // A block that changes nothing is none of the ledger, or a quiet network would go on making blocks for ever.
    const moment = { height: newest.height + 1, timeMs: Math.max(block.timeMs, newest.timeMs + 1) };
    const transactions = block.transactions.map(({ transaction }) => transaction);
    const applied = applyBlock(parts, transactions, moment, block.misbehaviour);
    const { outcomes } = applied;
    const before = current;
    if (!applied.isChange) {
      const written = state.tree.retire();
      const write = (): Promise<void> => store.writeConsensusHeight(block.consensusHeight);
      return { block, outcomes, appHash, before, after: before, moment: newest, write, written };
    }
    const { blockWrite, written } = seal(
      parts,
      moment,
      applied.entered.map((at) => block.transactions[at]!.bytes),
      block.misbehaviour,
    );
    const after = readConsensusState(state.tree, moment.height + 1);
    const write = (): Promise<void> => store.write({ ...blockWrite, consensusHeight: block.consensusHeight });
    return { block, outcomes, appHash: appHashOf(blockWrite.head), before, after, moment, write, written };
  };

  return {
    finalize: (block) => {
      if (finalized !== undefined) {
        assert(isSame(finalized.block, block), "a block is committed before the next one is executed");
        return finalized;
      }
      assert(block.consensusHeight === consensusHeight + 1, "blocks come without a gap");
      finalized = execute(block);
      return finalized;
    },
    commit: async () => {
      assert(finalized !== undefined, "a block is executed before it is committed");
      const done = finalized;
      await done.write();
      done.written();
      newest = done.moment;
      current = done.after;
      consensusHeight = done.block.consensusHeight;
      appHash = done.appHash;
      finalized = undefined;
      return done;
    },
    committed: () => ({ consensusHeight, appHash }),
    ledgerHeight: () => newest.height,
    consensusState: () => current,
    close: state.settle,
  };
}

/** A block that was worked out and is not durable yet. */
type Finalized = ExecutedBlock & {
  readonly block: DecidedBlock;
  readonly moment: OpenLedger["newest"];
  readonly write: () => Promise<void>;
  readonly written: () => void;
};

function isSame(one: DecidedBlock, other: DecidedBlock): boolean {
  return one.consensusHeight === other.consensusHeight && bytesToHex(one.digest) === bytesToHex(other.digest);
}

function demandHead(store: RegistryStore): StoredHead {
  const head = store.head();
  assert(head !== undefined, "a ledger is opened after its first block");
  return head;
}

/**
 * What validators agree on of a block: SHA-256 of the CBOR `[height, timeMs, state root, log]`, where the log is its
 * size and its peaks. It is what a checkpoint says, but for the log's name.
 */
export function appHashOf({
  height,
  timeMs,
  stateRoot,
  logFrontier,
}: Pick<StoredHead, "height" | "timeMs" | "stateRoot" | "logFrontier">): Uint8Array {
  return sha256(encodeCbor([height, timeMs, stateRoot, logFrontier]));
}
