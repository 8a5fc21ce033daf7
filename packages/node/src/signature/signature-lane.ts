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

/**
 * A way to a pool for those who can wait. However much is asked over it, little of that is with the pool at a time: who asks
 * the pool itself, since a block waits for it, is answered soon. Of those who ask over it each has a part checked in turn.
 */
export function signatureLane(pool: Pick<SignaturePool, "check">): SignaturePool["check"] {
  const waiting: Waiting[] = [];
  let parts = 0;
  const checkPart = async (one: Waiting): Promise<void> => {
    const from = one.verdicts.length;
    parts += 1;
    try {
      one.verdicts.push(...(await pool.check(one.checks.slice(from, from + PART_CHECKS))));
      if (one.verdicts.length < one.checks.length) waiting.push(one);
      else one.settle();
    } catch (cause) {
      one.settle(cause);
    }
    // A pool without processes checks in this one.
    await nextTurn();
    parts -= 1;
    begin();
  };
  const begin = (): void => {
    while (parts < PARTS_MAX && waiting.length > 0) void checkPart(waiting.shift()!);
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
    begin();
    return promise;
  };
}
