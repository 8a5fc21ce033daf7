import type { StateKey } from "./key.ts";

/** An entry of the state: its key and the canonical bytes of its value. */
export type StateEntry = { readonly key: StateKey; readonly value: Uint8Array };

/**
 * What an operation may read. Answers reflect all that was applied before, also earlier operations of the same
 * transaction. Nothing in it reads a clock or waits.
 */
export type StateView = {
  /** Value of a key, or undefined. The bytes belong to the view: never write into them. */
  readonly get: (key: StateKey) => Uint8Array | undefined;
  /** The entry with the greatest key below `key`, of whatever kind, or undefined. */
  readonly before: (key: StateKey) => StateEntry | undefined;
  /** The entry with the smallest key above `key`, of whatever kind, or undefined. */
  readonly after: (key: StateKey) => StateEntry | undefined;
};

/** A view that can be changed. Entries are set, never removed: absence today is absence always. Spec §5.4. */
export type MutableState = StateView & {
  readonly set: (key: StateKey, value: Uint8Array) => void;
};
