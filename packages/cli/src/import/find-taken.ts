import type { Code } from "@cityroot/codes/ma/code";
import { isSameOrBelow, parentOf } from "@cityroot/codes/ma/prefix";
import { codeKey } from "@cityroot/core/state/key";
import type { Client } from "@cityroot/sdk/client";
import { list } from "@cityroot/sdk/list";

/** Entries of one request, and how many requests are worth it before rows are better tried one by one. */
const PART_ENTRIES = 1_000;
const PARTS_MAX = 3;

/**
 * Which of some codes have a record, as far as a few parts of the registry's list tell: a table that was issued before
 * lies in the list as it lies in the file, so that one request answers for hundreds of rows. The first code, which the
 * list cannot begin with, is not among them.
 */
export async function findTaken(
  client: Client,
  codes: readonly Code[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const sorted = [...codes].sort((a, b) => (codeKey(a) < codeKey(b) ? -1 : 1));
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  const above = commonAncestor(first, last);
  const taken = new Set<string>();
  if (above === undefined) return taken;
  let parts = 0;
  for await (const { entries } of list(client, above, { after: first, limit: PART_ENTRIES, signal })) {
    for (const { code, record } of entries) if (record !== null) taken.add(code);
    parts += 1;
    const reached = entries.at(-1)?.code;
    if (reached === undefined || codeKey(reached) >= codeKey(last) || parts === PARTS_MAX) break;
  }
  return taken;
}

function commonAncestor(a: Code, b: Code): Code | undefined {
  let at = parentOf(a);
  while (at !== undefined && !isSameOrBelow(b, at)) at = parentOf(at);
  return at;
}
