import type { Outcome } from "@cityroot/core/outcome";
import type { Moment } from "@cityroot/core/state/entry";
import type { BlockWrite } from "../../store/registry-store.ts";
import { applyBlock } from "../apply-block.ts";
import type { Place } from "../engine.ts";
import type { OpenLedger } from "../open-ledger.ts";
import { seal } from "../seal.ts";
import type { PendingTransaction } from "./pending-transaction.ts";

/** What became of a transaction in a block. */
export type MadeResult = { readonly pending: PendingTransaction; readonly outcome: Outcome<Place> };

/** A block that was worked out: its results hold once it is written. */
export type MadeBlock = {
  readonly results: readonly MadeResult[];
  /** Makes it durable; to be called once, in the order in which blocks were made. */
  readonly write: () => Promise<void>;
};

/** Makes blocks out of transactions, one after the other. */
export type BlockMaker = {
  readonly make: (transactions: readonly PendingTransaction[]) => MadeBlock;
  /** Place of a transaction that entered, once that is durable and while it could still be repeated. */
  readonly placeOf: (id: Uint8Array) => Place | undefined;
  readonly close: () => Promise<void>;
};

export type BlockMakerParts = OpenLedger & {
  readonly write: (block: BlockWrite) => Promise<void>;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly clock: () => number;
  /** Is told when the clock stands well before the newest block: block times never go back. */
  readonly onClockBack: (behindMs: number) => void;
};

/** How far the clock may stand behind without a word: blocks that follow each other quicker than it ticks outrun it. */
const CLOCK_BEHIND_MS_MAX = 1_000;

/** Makes the blocks of an embedded ledger. */
export function blockMaker(parts: BlockMakerParts): BlockMaker {
  const { window, state } = parts;
  let newest = parts.newest;
  let durableHeight = newest.height;
  const nextMoment = (): Moment => {
    const timeMs = parts.clock();
    const behindMs = newest.timeMs - timeMs;
    if (behindMs > CLOCK_BEHIND_MS_MAX) parts.onClockBack(behindMs);
    // Every block has a time of its own, so that what held at a time is settled once a later block is there.
    return { height: newest.height + 1, timeMs: Math.max(timeMs, newest.timeMs + 1) };
  };
  return {
    make: (pending) => {
      const block = nextMoment();
      const { outcomes, entered, isChange } = applyBlock(
        parts,
        pending.map((one) => one.transaction),
        block,
      );
      const results = pending.map((one, at) => ({ pending: one, outcome: outcomes[at]! }));
      // Refused transactions leave no trace, so a block of nothing but those need not be; the pages that they read go.
      if (!isChange) {
        const release = state.tree.retire();
        return { results, write: async () => release() };
      }
      newest = block;
      const { blockWrite, written } = seal(
        parts,
        block,
        entered.map((at) => pending[at]!.bytes),
      );
      const write = async (): Promise<void> => {
        await parts.write(blockWrite);
        written();
        durableHeight = block.height;
      };
      return { results, write };
    },
    placeOf: (id) => {
      const place = window.placeOf(id);
      return place !== undefined && place.height <= durableHeight ? place : undefined;
    },
    close: state.settle,
  };
}
