import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { kindOfKey, misbehaviourKey } from "@cityroot/core/state/key";
import { decodeMisbehaviour, type RecordedMisbehaviour } from "@cityroot/core/state/misbehaviour";
import { momentToJson } from "./json.ts";
import { EntryUnreadableError, type View } from "./view.ts";

/** A part of what is recorded of validators, newest first, and the height from which on the part after it is older. */
export type MisbehaviourPart = {
  readonly list: readonly RecordedMisbehaviour[];
  readonly next: number | null;
};

/**
 * Reads what blocks below `before` recorded: at least `limit`, where there are so many, and each block whole, so that the
 * next part can begin with a height.
 */
export function readMisbehaviour(view: View, limit: number, before: number): MisbehaviourPart {
  const list: RecordedMisbehaviour[] = [];
  let entry = view.source.before(misbehaviourKey(before, 0));
  while (entry !== undefined && kindOfKey(entry.key) === "misbehaviour") {
    const one = decodeMisbehaviour(entry.value);
    if (one === undefined) throw new EntryUnreadableError("what is recorded of a validator cannot be read");
    const newest = list.at(-1);
    if (newest !== undefined && list.length >= limit && one.since.height !== newest.since.height) {
      return { list, next: newest.since.height };
    }
    list.push(one);
    entry = view.source.before(entry.key);
  }
  return { list, next: null };
}

/** A misbehaviour, with the block that recorded it. */
export function misbehaviourToJson(one: RecordedMisbehaviour): { readonly [name: string]: Json } {
  const { kind, validator, address, power, totalPower, height, timeMs, since } = one;
  return {
    ...{ kind, validator, address: bytesToHex(address), power, totalPower, height },
    time: new Date(timeMs).toISOString(),
    recorded: momentToJson(since),
  };
}
