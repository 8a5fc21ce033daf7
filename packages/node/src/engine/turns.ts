import { setImmediate as nextTurn } from "node:timers/promises";

/** Work on lists that many want done at once, in a process that has other things to do. */
export type Turns = {
  /**
   * Does something with each of a list, in its order; settles when all is done. Of the lists that are under way each has its
   * turn, and between two turns all others in the process have theirs: whoever has a short list does not wait for long ones.
   */
  readonly each: <T>(list: readonly T[], act: (one: T) => void) => Promise<void>;
};

/** How long is worked before others in the process have their turn, in milliseconds. */
const TURN_MS = 10;
/** How long one list is worked on before the next one, where others wait. */
const PART_MS = 2;

type List = {
  /** Goes on for so long at least, and says whether there is more to do. */
  readonly work: (untilMs: number) => boolean;
  /** Ends it, with what went wrong. */
  readonly fail: (cause: unknown) => void;
};

/** Nothing is under way yet. */
export function openTurns(): Turns {
  const waiting: List[] = [];
  let isRunning = false;
  const workOn = (list: List, untilMs: number): void => {
    try {
      if (list.work(untilMs)) waiting.push(list);
    } catch (cause) {
      list.fail(cause);
    }
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) {
      const turnEndsMs = performance.now() + TURN_MS;
      let nowMs = performance.now();
      for (; waiting.length > 0 && nowMs < turnEndsMs; nowMs = performance.now()) {
        const list = waiting.shift()!;
        workOn(list, waiting.length === 0 ? turnEndsMs : nowMs + PART_MS);
      }
      if (waiting.length > 0 || nowMs >= turnEndsMs) await nextTurn();
    }
    isRunning = false;
  };
  return {
    each: (list, act) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let at = 0;
      waiting.push({
        work: (untilMs) => {
          while (at < list.length) {
            act(list[at]!);
            at += 1;
            if (performance.now() >= untilMs) break;
          }
          if (at === list.length) resolve();
          return at < list.length;
        },
        fail: reject,
      });
      if (!isRunning) void run();
      return promise;
    },
  };
}
