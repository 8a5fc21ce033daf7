import { parentOf } from "@cityroot/codes/ma/prefix";
import type { Client } from "@cityroot/sdk/client";
import { type ListedInterval, list } from "@cityroot/sdk/list";
import { resolve } from "@cityroot/sdk/resolve";
import type { Counts } from "./import-rows.ts";
import type { PlannedRow, Planner, RowResult } from "./plan-row.ts";
import type { ResultsFile } from "./results-file.ts";
import type { SeenCodes } from "./seen-codes.ts";
import type { TableRow } from "./table.ts";

/** What a dry run takes. */
export type DryRunParameters = {
  readonly parts: AsyncIterable<readonly TableRow[]>;
  readonly plan: Planner;
  readonly seen: SeenCodes;
  readonly isTaken: StandingOracle;
  readonly results: ResultsFile;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number, counts: Counts) => void;
};

/** Tells whether a code was issued before, in any form. */
export type StandingOracle = (code: string) => boolean | Promise<boolean>;

/** Entries of a registry that are held in memory; where there are more, each code is asked for alone. */
const ENTRIES_MAX = 200_000;
const PART_MAX = 10_000;
/** Questions that are asked at once. */
const PARALLEL = 32;

/** Says what an import would do with each row, and changes nothing. */
export async function dryRun(parameters: DryRunParameters): Promise<Counts> {
  const { parts, plan, seen, results, signal } = parameters;
  const counts: { [outcome: string]: number } = {};
  let rows = 0;
  for await (const part of parts) {
    signal.throwIfAborted();
    const judged: (RowResult | PlannedRow)[] = [];
    for (const row of part) {
      const planned = plan(row);
      if (planned === undefined) counts["skipped"] = (counts["skipped"] ?? 0) + 1;
      else if ("refused" in planned) judged.push(planned.refused);
      else judged.push(repeatOf(seen, planned.planned) ?? planned.planned);
    }
    const done = await standingsOf(judged, parameters.isTaken);
    for (const { outcome } of done) counts[outcome] = (counts[outcome] ?? 0) + 1;
    results.add(done);
    rows += part.length;
    parameters.onProgress(rows, counts);
  }
  return counts;
}

function repeatOf(seen: SeenCodes, { row, code }: PlannedRow): RowResult | undefined {
  const first = seen.add(code, row);
  if (first === undefined) return undefined;
  return {
    row,
    code,
    outcome: "duplicate",
    rejection: "CODE_TAKEN",
    detail: `the same code as row ${first}`,
  };
}

async function standingsOf(
  judged: readonly (RowResult | PlannedRow)[],
  isTaken: StandingOracle,
): Promise<readonly RowResult[]> {
  const done: RowResult[] = [];
  for (let at = 0; at < judged.length; at += PARALLEL) {
    const part = judged.slice(at, at + PARALLEL).map(async (one): Promise<RowResult> => {
      if ("outcome" in one) return one;
      const taken = await isTaken(one.code);
      const { row, code } = one;
      if (!taken) return { row, code, outcome: "free", rejection: "", detail: "" };
      return { row, code, outcome: "taken", rejection: "CODE_TAKEN", detail: `${code} was issued already` };
    });
    done.push(...(await Promise.all(part)));
  }
  return done;
}

/**
 * Tells of codes below a prefix whether they were issued: from the complete list, proven, where it is not too long; else
 * by asking for each, at the server's word.
 */
export async function standingOracle(
  client: Client,
  prefix: string,
  signal: AbortSignal,
): Promise<StandingOracle> {
  const codes = new Set<string>();
  const intervals: ListedInterval[] = [];
  let isComplete = false;
  for await (const { entries, isLast } of list(client, prefix, { limit: PART_MAX, signal })) {
    for (const entry of entries) {
      if (entry.record !== null) codes.add(entry.code);
      if (entry.interval !== null) intervals.push(entry.interval);
    }
    isComplete = isLast;
    if (codes.size + intervals.length >= ENTRIES_MAX) break;
  }
  const ask: StandingOracle = async (code) =>
    (await resolve(client, code, { verify: false, signal })).record !== null;
  if (!isComplete) return ask;
  return (code) => {
    if (!code.startsWith(prefix)) return ask(code);
    return codes.has(code) || intervals.some((interval) => holds(interval, code));
  };
}

/** Whether an interval leaves no room for a code. */
function holds(interval: ListedInterval, code: string): boolean {
  const { first, last } = interval;
  if (parentOf(first) !== parentOf(code as typeof first)) return false;
  if (interval.type === "batch") return code >= first && code <= last;
  return code.length === first.length && code >= first && code <= last;
}
