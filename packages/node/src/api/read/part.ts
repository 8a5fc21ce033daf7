import type { Code } from "@cityroot/codes/ma/code";
import { codeKey, isKeyAtOrBelow } from "@cityroot/core/state/key";
import type { StateView } from "@cityroot/core/state/view";
import { type ListedEntry, type ListPart, readEntry } from "./nearest-below.ts";

/** Everything at or below a prefix in order of the tree: at most `limit` entries, from after `after` on. */
export function readPart(state: StateView, prefix: Code, limit: number, after?: Code): ListPart {
  const stem = codeKey(prefix);
  const entries: ListedEntry[] = [];
  const own = after === undefined ? state.get(stem) : undefined;
  let at =
    own === undefined ? state.after(after === undefined ? stem : codeKey(after)) : { key: stem, value: own };
  while (at !== undefined && isKeyAtOrBelow(at.key, stem)) {
    if (entries.length === limit) return { entries, next: entries[limit - 1]!.code };
    entries.push(readEntry(at));
    at = state.after(at.key);
  }
  return { entries, next: null };
}
