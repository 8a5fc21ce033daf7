import type { Code } from "@cityroot/codes/ma/code";
import type { Client } from "@cityroot/sdk/client";
import { resolve } from "@cityroot/sdk/resolve";

/** Most records that are looked at: more than a code has successors, and their successors, in honest tables. */
const RECORDS_MAX = 256;
/** Questions that are asked at once. */
const PARALLEL = 32;

/** How referrals to other networks are taken. */
export type Follow = { readonly follow: boolean; readonly allowPrivateHosts: boolean };

/**
 * The codes that are not retired at the ends of chains of successors, in the order in which they are found. None where every chain
 * ends with a code that has no successor.
 */
export async function followSuccessors(
  client: Client,
  codes: readonly Code[],
  { follow, signal }: { readonly follow: Follow; readonly signal: AbortSignal },
): Promise<readonly Code[]> {
  const inUse: Code[] = [];
  const queue = [...new Set(codes)];
  const seen = new Set(queue);
  for (let at = 0; at < Math.min(queue.length, RECORDS_MAX); ) {
    const part = queue.slice(at, Math.min(at + PARALLEL, RECORDS_MAX));
    at += part.length;
    const found = await Promise.all(part.map((code) => resolve(client, code, { ...follow, signal })));
    for (const { code, record } of found) {
      if (record === null) continue;
      if (record.status !== "retired") inUse.push(code);
      else {
        for (const next of record.succession?.codes ?? []) {
          if (seen.has(next)) continue;
          seen.add(next);
          queue.push(next);
        }
      }
    }
  }
  return inUse;
}
