import type { Block } from "@cityroot/core/block";
import { encodeCbor } from "@cityroot/core/cbor";
import { equalBytes } from "@cityroot/core/hex";
import { ENTRY_TYPES } from "@cityroot/core/state/entry";
import { misbehaviourKey, type StateKey } from "@cityroot/core/state/key";
import { decodeMisbehaviour, misbehaviourToCbor } from "@cityroot/core/state/misbehaviour";
import { SnapshotRefusedError } from "./snapshot-refused-error.ts";

/**
 * Holds what blocks record of validators against the state. The log tells of transactions and state roots alone: this part of
 * a block is borne out by the entries that it made.
 */
export type MisbehaviourCheck = {
  /** Takes an entry of the state; those of other kinds are passed over. */
  readonly addEntry: (key: StateKey, value: Uint8Array) => void;
  readonly addBlock: (block: Block) => void;
  /** Checks that every entry was recorded by a block. */
  readonly finish: () => void;
};

/** No network has so many: whoever offers more makes them up. */
const ENTRIES_MAX = 1_000_000;

/** Checks nothing yet. */
export function misbehaviourCheck(): MisbehaviourCheck {
  const recorded = new Map<StateKey, Uint8Array>();
  return {
    addEntry: (key, value) => {
      const entry = value[1] === ENTRY_TYPES.misbehaviour ? decodeMisbehaviour(value) : undefined;
      if (entry === undefined) return;
      if (recorded.size === ENTRIES_MAX)
        throw new SnapshotRefusedError(`the state records more than ${ENTRIES_MAX} misbehaviours`);
      recorded.set(key, encodeCbor(misbehaviourToCbor(entry)));
    },
    addBlock: ({ height, misbehaviour = [] }) => {
      for (const [index, one] of misbehaviour.entries()) {
        const key = misbehaviourKey(height, index);
        const entry = recorded.get(key);
        if (entry === undefined || !equalBytes(entry, encodeCbor(misbehaviourToCbor(one))))
          throw new SnapshotRefusedError(`block ${height} records of a validator what the state does not`);
        recorded.delete(key);
      }
    },
    finish: () => {
      if (recorded.size > 0)
        throw new SnapshotRefusedError("the state records of a validator what no block does");
    },
  };
}
