import { setImmediate as nextTurn } from "node:timers/promises";

/** Work on lists that many want done at once, in a process that has other things to do. */
export type Turns = {
  /**
   * Does something with each of a list, in its order; settles when all is done. Of the lists that are under way each has its
   * turn, and between two turns all others in the process have theirs: whoever has a short list does not wait for long ones.
   */
  readonly each: <T>(list: readonly T[], act: (one: T) => void) => Promise<void>;
};

/** How long one list is worked on before others have their turn, in milliseconds. */
const TURN_MS = 10;

/** Nothing is under way yet. */
export function openTurns(): Turns {
  /** Each works for one turn, and says whether there is more to do. */
  const waiting: (() => boolean)[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const begunMs = performance.now();
      if (one()) waiting.push(one);
      if (waiting.length > 0 || performance.now() - begunMs >= TURN_MS) await nextTurn();
    }
    isRunning = false;
  };
  return {
    each: (list, act) =>
      new Promise((resolve, reject) => {
        let at = 0;
        waiting.push(() => {
          const begunMs = performance.now();
          try {
            while (at < list.length) {
              act(list[at]!);
              at += 1;
              if (performance.now() - begunMs >= TURN_MS) break;
            }
          } catch (cause) {
            reject(cause);
            return false;
          }
          if (at < list.length) return true;
          resolve();
          return false;
        });
        if (!isRunning) void run();
      }),
  };
}
