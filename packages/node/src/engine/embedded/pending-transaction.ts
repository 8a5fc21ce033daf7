import type { Transaction } from "@cityroot/core/transaction";
import type { SubmitResult } from "../engine.ts";

/** A transaction whose signatures are good and that waits for its block. */
export type PendingTransaction = {
  readonly transaction: Transaction;
  /** The bytes as they came: what the block keeps. */
  readonly bytes: Uint8Array;
  readonly resolve: (result: SubmitResult) => void;
};
