import type { Code } from "@cityroot/codes/ma/code";
import { codeKey, isKeyAtOrBelow } from "@cityroot/core/state/key";
import type { StateView } from "@cityroot/core/state/view";
import { type ListedEntry, type ListPart, type PartLimits, readEntry } from "./nearest-below.ts";

/** Everything at or below a prefix in order of the tree, from after `after` on. */
export function readPart(state: StateView, prefix: Code, limits: PartLimits, after?: Code): ListPart {
  const stem = codeKey(prefix);
  const entries: ListedEntry[] = [];
  const own = after === undefined ? state.get(stem) : undefined;
  let at =
    own === undefined ? state.after(after === undefined ? stem : codeKey(after)) : { key: stem, value: own };
  let bytes = 0;
  while (at !== undefined && isKeyAtOrBelow(at.key, stem)) {
    if (entries.length === limits.limit || bytes >= limits.bytesMax)
      return { entries, next: entries[entries.length - 1]!.code };
    bytes += at.value.length;
    entries.push(readEntry(at));
    at = state.after(at.key);
  }
  return { entries, next: null };
}
