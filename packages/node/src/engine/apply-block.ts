import { accept, type Outcome } from "@cityroot/core/outcome";
import type { Moment } from "@cityroot/core/state/entry";
import type { Misbehaviour } from "@cityroot/core/state/misbehaviour";
import type { Transaction } from "@cityroot/core/transaction";
import type { Place } from "./engine.ts";
import type { OpenLedger } from "./open-ledger.ts";

type LedgerParts = Pick<OpenLedger, "ledger" | "window" | "state">;

/** What became of the transactions of a block. */
export type AppliedBlock = {
  /** In the order of the transactions; a repetition gives the place of what entered, which may be in this block. */
  readonly outcomes: readonly Outcome<Place>[];
  /** Which of them entered, by their indexes. */
  readonly entered: readonly number[];
  /** Whether the block changes anything: something entered, or was recorded. */
  readonly isChange: boolean;
};

/**
 * Begins a block, records what a consensus reports, applies transactions in their order, and ends the block if it changes
 * anything. The signatures of the transactions are good. Throws `ProtocolVersionError` where this program does not know
 * the rules of the height.
 */
export function applyBlock(
  { ledger, window, state }: LedgerParts,
  transactions: readonly Transaction[],
  block: Moment,
  misbehaviour: readonly Misbehaviour[] = [],
): AppliedBlock {
  ledger.demandRules(state.tree, block.height);
  state.begin(block);
  ledger.record(state.tree, misbehaviour, block);
  const entered: number[] = [];
  const outcomes = transactions.map((transaction, at): Outcome<Place> => {
    const outcome = ledger.apply(state.tree, transaction, block);
    if (outcome.ok) {
      entered.push(at);
      return accept({ height: block.height, index: entered.length - 1 });
    }
    if (outcome.rejection.name !== "DUPLICATE") return outcome;
    return accept(window.placeOf(transaction.id)!);
  });
  const isChange = entered.length > 0 || misbehaviour.length > 0;
  if (isChange) {
    ledger.finish(
      state.tree,
      entered.map((at) => transactions[at]!),
      block,
    );
  }
  return { outcomes, entered, isChange };
}
