import { memoryState } from "./memory.ts";
import type { MutableState, StateEntry, StateView } from "./view.ts";

/** The changes of one transaction, laid over a view: applied to it whole, or dropped whole. */
export type Overlay = MutableState & {
  /** Every write in the order in which it was made: an entry that was written twice became two versions. */
  readonly writes: readonly StateEntry[];
};

/** Lays an empty overlay over a view. */
export function overlay(base: StateView): Overlay {
  const own = memoryState();
  const writes: StateEntry[] = [];
  return {
    get: (key) => own.get(key) ?? base.get(key),
    before: (key) => {
      const mine = own.before(key);
      const theirs = base.before(key);
      if (mine === undefined) return theirs;
      return theirs === undefined || mine.key >= theirs.key ? mine : theirs;
    },
    after: (key) => {
      const mine = own.after(key);
      const theirs = base.after(key);
      if (mine === undefined) return theirs;
      return theirs === undefined || mine.key <= theirs.key ? mine : theirs;
    },
    set: (key, value) => {
      own.set(key, value);
      writes.push({ key, value });
    },
    writes,
  };
}
