import { equalBytes } from "@cityroot/core/hex";
import { accept, type Outcome } from "@cityroot/core/outcome";
import type { Moment } from "@cityroot/core/state/entry";
import { replayKey } from "@cityroot/core/state/key";
import { decodeReplay, replaySlotOf } from "@cityroot/core/state/replay";
import type { Transaction } from "@cityroot/core/transaction";
import type { Place } from "./engine.ts";
import type { OpenLedger } from "./open-ledger.ts";

type LedgerParts = Pick<OpenLedger, "ledger" | "window" | "state">;

/** What became of the transactions of a block. */
export type AppliedBlock = {
  /** In the order of the transactions; a repetition gives the place of what entered, which may be in this block. */
  readonly outcomes: readonly Outcome<Place>[];
  /** Which of them entered, by their indexes. None: the block changes nothing. */
  readonly entered: readonly number[];
};

/** Begins a block, applies transactions to it in their order, and ends it if any entered. Their signatures are good. */
export function applyBlock(
  { ledger, window, state }: LedgerParts,
  transactions: readonly Transaction[],
  block: Moment,
): AppliedBlock {
  state.begin(block);
  const entered: number[] = [];
  const outcomes = transactions.map((transaction, at): Outcome<Place> => {
    const outcome = ledger.apply(state.tree, transaction, block);
    if (outcome.ok) {
      entered.push(at);
      return accept({ height: block.height, index: entered.length - 1 });
    }
    if (outcome.rejection.name !== "DUPLICATE") return outcome;
    const { id } = transaction;
    const height = window.heightOf(id)!;
    if (height !== block.height) return accept(placeOf(state, id, height));
    const index = entered.findIndex((other) => equalBytes(transactions[other]!.id, id));
    return accept({ height, index });
  });
  if (entered.length > 0) {
    ledger.finish(
      state.tree,
      entered.map((at) => transactions[at]!),
      block,
    );
  }
  return { outcomes, entered };
}

/** Place of a transaction that entered at a height, while it could still be repeated. */
export function placeOf(state: OpenLedger["state"], id: Uint8Array, height: number): Place {
  const bytes = state.tree.get(replayKey(replaySlotOf(height)));
  const ids = bytes === undefined ? [] : (decodeReplay(bytes)?.ids ?? []);
  return { height, index: ids.findIndex((other) => equalBytes(other, id)) };
}
