import { setImmediate as nextTurn } from "node:timers/promises";
import type { Check } from "./frame.ts";
import type { SignaturePool } from "./signature-pool.ts";

/** How many signatures are handed over at a time: what takes some ten milliseconds. */
const PART_CHECKS = 256;
/** How many parts are with the pool at a time, so that it need not wait for the next. */
const PARTS_MAX = 2;

type Waiting = {
  readonly checks: readonly Check[];
  readonly verdicts: boolean[];
  readonly settle: (cause?: unknown) => void;
};

/** What is checked together: of each of those who wait some, and how many. */
type Part = readonly (readonly [one: Waiting, count: number])[];

/**
 * A way to a pool for those who can wait. However much is asked over it, little of that is with the pool at a time: who asks
 * the pool itself, since a block waits for it, is answered soon. Of those who ask over it each has a part checked in turn, and
 * many who ask for little share one.
 */
export function signatureLane(pool: Pick<SignaturePool, "check">): SignaturePool["check"] {
  const waiting: Waiting[] = [];
  let parts = 0;
  let sinceTurn = 0;
  const takePart = (): Part => {
    const part: [Waiting, number][] = [];
    for (let room = PART_CHECKS; room > 0 && waiting.length > 0; ) {
      const one = waiting.shift()!;
      const count = Math.min(room, one.checks.length - one.verdicts.length);
      part.push([one, count]);
      room -= count;
    }
    return part;
  };
  const checkPart = async (part: Part): Promise<void> => {
    parts += 1;
    try {
      const checks = part.flatMap(([{ checks: all, verdicts }, count]) =>
        all.slice(verdicts.length, verdicts.length + count),
      );
      const checked = await pool.check(checks);
      let from = 0;
      for (const [one, count] of part) {
        one.verdicts.push(...checked.slice(from, from + count));
        from += count;
        if (one.verdicts.length < one.checks.length) waiting.push(one);
        else one.settle();
      }
    } catch (cause) {
      for (const [one] of part) one.settle(cause);
    }
    // A pool without processes checks in this one: after every while others have their turn.
    sinceTurn += part.reduce((sum, [, count]) => sum + count, 0);
    if (sinceTurn >= PART_CHECKS) {
      sinceTurn = 0;
      await nextTurn();
    }
    parts -= 1;
    begin();
  };
  let isBeginning = false;
  const begin = (): void => {
    while (parts < PARTS_MAX && waiting.length > 0) void checkPart(takePart());
  };
  /** What is asked in one turn of events is checked together. */
  const beginSoon = (): void => {
    if (isBeginning) return;
    isBeginning = true;
    queueMicrotask(() => {
      isBeginning = false;
      begin();
    });
  };
  return (checks) => {
    if (checks.length === 0) return Promise.resolve([]);
    const { promise, resolve, reject } = Promise.withResolvers<readonly boolean[]>();
    const verdicts: boolean[] = [];
    waiting.push({
      checks,
      verdicts,
      settle: (cause) => (cause === undefined ? resolve(verdicts) : reject(cause)),
    });
    beginSoon();
    return promise;
  };
}
