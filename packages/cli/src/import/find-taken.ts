import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import type { Operation } from "@cityroot/core/operation/operation";
import { serialAfter } from "@cityroot/core/state/interval";
import { codeKey } from "@cityroot/core/state/key";
import type { Client } from "@cityroot/sdk/client";
import { type ListedInterval, list } from "@cityroot/sdk/list";
import type { ResolvedInterval, ResolvedRecord } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";

/** Entries of one request, and how many requests for a group of codes are worth it. */
const PART_ENTRIES = 1_000;
const PARTS_MAX = 3;
/** Fewest codes for which a list costs less than asking for each. */
const GROUP_MIN = 8;
/** Questions that are asked at once. */
const PARALLEL = 32;

/** Codes that were issued before, each with its record; null where a range or batch has it among others. */
export type TakenCodes = ReadonlyMap<string, ResolvedRecord | null>;

/**
 * Which of some codes were issued before. A table lies in the registry's list as it lies in the file, so that a request
 * or two answer for a thousand codes; codes that lie far apart are asked for one by one.
 */
export async function findTaken(
  client: Client,
  codes: readonly Code[],
  signal: AbortSignal,
): Promise<TakenCodes> {
  const taken = new Map<string, ResolvedRecord | null>();
  const alone: Code[] = [];
  for (const group of groupsOf(codes)) {
    if (group.length < GROUP_MIN) alone.push(...group);
    else alone.push(...(await findInList(client, group, taken, signal)));
  }
  for (let at = 0; at < alone.length; at += PARALLEL) {
    await Promise.all(alone.slice(at, at + PARALLEL).map((code) => ask(client, code, taken, signal)));
  }
  return taken;
}

/** First codes of the ranges of which any code, or what lies below one, was issued before. */
export async function findTakenRanges(
  client: Client,
  ranges: readonly (Operation & { readonly type: "issue-range" })[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  const look = async ({ first, digits, count }: (typeof ranges)[number]): Promise<void> => {
    const known = new Map<string, ResolvedRecord | null>();
    const around = await ask(client, first, known, signal);
    if (known.has(first) || around !== null) {
      taken.add(first);
      return;
    }
    const last = codeKey(serialAfter(first, digits, count - 1)!);
    for await (const { entries } of list(client, parentOf(first)!, { after: first, limit: 1, signal })) {
      if (entries[0] !== undefined && codeKey(entries[0].code) <= last) taken.add(first);
      break;
    }
  };
  for (let at = 0; at < ranges.length; at += PARALLEL) {
    await Promise.all(ranges.slice(at, at + PARALLEL).map(look));
  }
  return taken;
}

/**
 * Codes beside each other and of one length, in order of the tree: a range that begins before the first of them and
 * holds any of them holds the first one too.
 */
function groupsOf(codes: readonly Code[]): Iterable<readonly Code[]> {
  const groups = new Map<string, Code[]>();
  for (const code of codes) {
    const name = `${parentOf(code)} ${code.length}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [code]);
    else group.push(code);
  }
  for (const group of groups.values()) group.sort((a, b) => (codeKey(a) < codeKey(b) ? -1 : 1));
  return groups.values();
}

/** Looks a group up in the list, and gives the codes that it did not reach. */
async function findInList(
  client: Client,
  group: readonly Code[],
  taken: Map<string, ResolvedRecord | null>,
  signal: AbortSignal,
): Promise<readonly Code[]> {
  const [first, last] = [group[0]!, group.at(-1)!];
  const parent = parentOf(first);
  if (parent === undefined) return group;
  // The list begins after a code, so the first one is asked for, with the interval that it may lie in.
  const around = await ask(client, first, taken, signal);
  const intervals: (ListedInterval | ResolvedInterval)[] = around === null ? [] : [around];
  let reached = "";
  let parts = 0;
  for await (const { entries, isLast } of list(client, parent, {
    after: first,
    limit: PART_ENTRIES,
    signal,
  })) {
    for (const { code, record, interval } of entries) {
      if (record !== null) taken.set(code, record);
      if (interval !== null) intervals.push(interval);
    }
    parts += 1;
    reached = isLast ? codeKey(last) : codeKey(entries.at(-1)!.code);
    if (reached >= codeKey(last) || parts === PARTS_MAX) break;
  }
  for (const code of group) {
    if (!taken.has(code) && intervals.some((interval) => holds(interval, code))) taken.set(code, null);
  }
  return group.filter((code) => codeKey(code) > reached && !taken.has(code));
}

async function ask(
  client: Client,
  code: Code,
  taken: Map<string, ResolvedRecord | null>,
  signal: AbortSignal,
): Promise<ResolvedInterval | null> {
  const { record, interval } = await resolve(client, code, { verify: false, signal });
  if (record !== null) taken.set(code, record);
  return interval;
}

/** Whether an interval leaves no room for a code beside its first and of the group's length. */
function holds({ type, first, last }: ResolvedInterval, code: Code): boolean {
  if (parentOf(first) !== parentOf(code)) return false;
  if (type === "batch") return codeKey(code) >= codeKey(first) && codeKey(code) <= codeKey(last);
  return code.length === first.length && code >= first && code <= last;
}
