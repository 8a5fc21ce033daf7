import type { StateKey } from "./key.ts";
import type { MutableState, StateEntry } from "./view.ts";

/** A state held in memory, in order of key: for replaying a log, for tests, for tools. */
export type MemoryState = MutableState & {
  /** All entries in order of key. */
  readonly entries: () => readonly StateEntry[];
};

/** An empty state in memory. */
export function memoryState(): MemoryState {
  const values = new Map<StateKey, Uint8Array>();
  const keys: StateKey[] = [];
  const lowerBound = (key: StateKey): number => {
    let low = 0;
    let high = keys.length;
    if (high > 0 && keys[high - 1]! < key) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const entry = (at: number): StateEntry | undefined => {
    const key = keys[at];
    return key === undefined ? undefined : { key, value: values.get(key)! };
  };
  return {
    get: (key) => values.get(key),
    before: (key) => entry(lowerBound(key) - 1),
    after: (key) => {
      const at = lowerBound(key);
      return entry(keys[at] === key ? at + 1 : at);
    },
    set: (key, value) => {
      if (!values.has(key)) keys.splice(lowerBound(key), 0, key);
      values.set(key, value);
    },
    entries: () => keys.map((key) => ({ key, value: values.get(key)! })),
  };
}
