import type { Code } from "@cityroot/codes/ma/code";
import { decodeInterval, type Interval } from "@cityroot/core/state/interval";
import { codeKey, codeOfKey, isKeyAtOrBelow, type StateKey } from "@cityroot/core/state/key";
import { decodeRecord, isRecord, type Record } from "@cityroot/core/state/record";
import type { StateEntry, StateView } from "@cityroot/core/state/view";
import { EntryUnreadableError } from "./view.ts";

/** An entry of a list: the record that stands at a code, or the range or batch that begins there, or both. */
export type ListedEntry =
  | {
      readonly kind: "record";
      readonly code: Code;
      readonly record: Record;
      readonly interval: Interval | undefined;
    }
  | { readonly kind: "interval"; readonly code: Code; readonly interval: Interval };

/** A part of a list, and after which code the next part begins. */
export type ListPart = { readonly entries: readonly ListedEntry[]; readonly next: Code | null };

/** Where a part of a list ends. */
export type PartLimits = {
  /** Most entries. */
  readonly limit: number;
  /** The part ends with the entry that brings the entries' values to so many bytes, or beyond. */
  readonly bytesMax: number;
};

/**
 * What was issued right below a code, with nothing issued between: in order, from after `after` on. What
 * lies below an entry of the list is passed over in one step, so it costs what the list holds.
 */
export function readNearestBelow(state: StateView, code: Code, limits: PartLimits, after?: Code): ListPart {
  const stem = codeKey(code);
  const entries: ListedEntry[] = [];
  let at = state.after(after === undefined ? stem : endOf(state, after));
  let bytes = 0;
  while (at !== undefined && isKeyAtOrBelow(at.key, stem)) {
    if (entries.length === limits.limit || bytes >= limits.bytesMax)
      return { entries, next: entries[entries.length - 1]!.code };
    bytes += at.value.length;
    const entry = readEntry(at);
    entries.push(entry);
    at = state.after(endBelow(lastOf(entry)));
  }
  return { entries, next: null };
}

/** Reads the entry of a code's key. */
export function readEntry({ key, value }: StateEntry): ListedEntry {
  const code = codeOfKey(key);
  if (code === undefined) throw new EntryUnreadableError("an entry of the list has no code");
  const record = isRecord(value) ? decodeRecord(value) : undefined;
  // The record of an interval's first code carries the interval.
  const interval =
    isRecord(value) && record?.interval === undefined ? undefined : decodeInterval(code, value);
  if (record !== undefined) return { kind: "record", code, record, interval };
  if (interval !== undefined) return { kind: "interval", code, interval };
  throw new EntryUnreadableError(`the entry of ${code} cannot be read`);
}

function lastOf(entry: ListedEntry): Code {
  return entry.interval?.last ?? entry.code;
}

/** Where the list goes on after a code that it held. */
function endOf(state: StateView, code: Code): StateKey {
  const key = codeKey(code);
  const value = state.get(key);
  return endBelow(value === undefined ? code : lastOf(readEntry({ key, value })));
}

/** A key after a code and all below it, and before everything else: separators are the lowest of all characters. */
function endBelow(code: Code): StateKey {
  return `${codeKey(code).slice(0, -1)}\u0003` as StateKey;
}
