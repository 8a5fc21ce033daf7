import { type Outcome, reject } from "@cityroot/core/outcome";
import type { Place } from "../engine.ts";
import { nameOf } from "./checked-transactions.ts";

/** Transactions that this node was asked to submit and that are not decided yet. */
export type Submissions = {
  /** Waits for what becomes of a transaction; the same bytes are waited for together. */
  readonly wait: (bytes: Uint8Array) => Promise<Outcome<Place>>;
  /** Whether a transaction is waited for. */
  readonly isWaitedFor: (bytes: Uint8Array) => boolean;
  /** Tells whoever waits for a transaction what became of it. */
  readonly settle: (bytes: Uint8Array, outcome: Outcome<Place>) => void;
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
    wait: (bytes) => {
      const name = nameOf(bytes);
      const known = waiting.get(name);
      if (known !== undefined) return known.promise;
      const { promise, resolve } = Promise.withResolvers<Outcome<Place>>();
      waiting.set(name, { promise, resolve, untilMs: nowMs() + timeoutMs });
      sweep ??= setInterval(settleLate, SWEEP_MS);
      return promise;
    },
    isWaitedFor: (bytes) => waiting.has(nameOf(bytes)),
    settle: (bytes, outcome) => settleName(nameOf(bytes), outcome),
    abandon: (reason) => {
      for (const name of [...waiting.keys()]) settleName(name, reject("NODE_UNAVAILABLE", reason));
    },
  };
}
