import type { Outcome } from "@cityroot/core/outcome";
import type { WitnessFigures } from "../witness/witness-figures.ts";
import type { ConsensusAnswer, ConsensusQuestion } from "./consensus-question.ts";
import type { EngineStanding } from "./engine-standing.ts";

/** Where a transaction stands in the ledger. */
export type Place = { readonly height: number; readonly index: number };

/** What became of one submitted transaction; `id` is null where its bytes hold none. */
export type SubmitResult = { readonly id: Uint8Array | null; readonly outcome: Outcome<Place> };

/** What became of a transaction that was taken: its place is null while it waits for a block. */
export type TakeResult = { readonly id: Uint8Array | null; readonly outcome: Outcome<Place | null> };

/**
 * What orders transactions. The same on one machine and on many; it never sees who asks, only signed bytes.
 */
export type Engine = {
  /**
   * Takes signed transactions and answers, in their order, when each is durable or refused: what was acknowledged is
   * not lost by any crash. Safe to repeat: one that entered already gives the place where it did. One whose holder or keys
   * come of a transaction that is not answered yet may be refused. Spec §8.7.
   */
  readonly submit: (transactions: readonly Uint8Array[]) => Promise<readonly SubmitResult[]>;
  /**
   * Takes signed transactions and answers when each is refused, durable, or waits for a block that the network is to
   * decide: what waits is not acknowledged. An engine that needs nobody else answers as {@link Engine.submit} does.
   */
  readonly take: (transactions: readonly Uint8Array[]) => Promise<readonly TakeResult[]>;
  /** Why the engine takes no transactions (a full disk, a failing store), or null while it does. */
  readonly refusesBecause: () => string | null;
  /**
   * Hands a question to the consensus of this node; gives undefined, or is left out, where it decides alone. Throws while
   * the consensus does not answer.
   */
  readonly askConsensus?: (question: ConsensusQuestion) => Promise<ConsensusAnswer | undefined>;
  /** How it stands, for its operators; left out where that is what {@link Engine.refusesBecause} says and no more. */
  readonly standing?: () => Promise<EngineStanding>;
  /** What came of asking witnesses; left out where none are asked. */
  readonly witnesses?: () => Promise<readonly WitnessFigures[]>;
  /** Finishes what was taken, makes it durable, and stops. */
  readonly close: () => Promise<void>;
};
