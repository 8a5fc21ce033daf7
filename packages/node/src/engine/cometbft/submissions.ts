import { type Outcome, reject } from "@cityroot/core/outcome";
import type { Envelope, Transaction } from "@cityroot/core/transaction";
import type { Place } from "../engine.ts";
import { nameOf } from "../transaction-name.ts";

/** Transactions that this node was asked to submit and that are not decided yet. */
export type Submissions = {
  /** Waits for what becomes of a transaction; its copies are waited for together. */
  readonly wait: (transaction: Transaction) => Promise<Outcome<Place>>;
  /** Whether a transaction is waited for. */
  readonly isWaitedFor: (transaction: Transaction) => boolean;
  /** Tells whoever waits for a transaction what became of it. */
  readonly settle: (transaction: Envelope, outcome: Outcome<Place>) => void;
  /** Tells everyone who waits that it will not be known here. */
  readonly abandon: (reason: string) => void;
};

type Waiting = {
  readonly promise: Promise<Outcome<Place>>;
  readonly resolve: (outcome: Outcome<Place>) => void;
  readonly untilMs: number;
};

/** How often those are looked for that have waited too long, in milliseconds. */
const SWEEP_MS = 1_000;

/** Waits for at most `timeoutMs` each; `nowMs` is a clock that only goes forward. */
export function submissions(timeoutMs: number, nowMs: () => number): Submissions {
  // In the order in which they came, so that the first has waited longest.
  const waiting = new Map<string, Waiting>();
  let sweep: NodeJS.Timeout | undefined;
  const settleName = (name: string, outcome: Outcome<Place>): void => {
    waiting.get(name)?.resolve(outcome);
    waiting.delete(name);
    if (waiting.size > 0) return;
    clearInterval(sweep);
    sweep = undefined;
  };
  const settleLate = (): void => {
    for (const [name, { untilMs }] of waiting) {
      if (untilMs > nowMs()) return;
      const detail = `the network did not decide on the transaction within ${timeoutMs} ms`;
      settleName(name, reject("NODE_UNAVAILABLE", `${detail}; submit it again, which is safe`));
    }
  };
  return {
    wait: (transaction) => {
      const name = nameOf(transaction);
      const known = waiting.get(name);
      if (known !== undefined) return known.promise;
      const { promise, resolve } = Promise.withResolvers<Outcome<Place>>();
      waiting.set(name, { promise, resolve, untilMs: nowMs() + timeoutMs });
      sweep ??= setInterval(settleLate, SWEEP_MS);
      return promise;
    },
    isWaitedFor: (transaction) => waiting.has(nameOf(transaction)),
    settle: (transaction, outcome) => {
      // On most nodes nobody waits for what a block holds.
      if (waiting.size > 0) settleName(nameOf(transaction), outcome);
    },
    abandon: (reason) => {
      for (const name of [...waiting.keys()]) settleName(name, reject("NODE_UNAVAILABLE", reason));
    },
  };
}
