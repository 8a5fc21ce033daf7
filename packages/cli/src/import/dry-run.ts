import type { Client } from "@cityroot/sdk/client";
import { addCounts, beforeOf, type Counts, repeatOf, skippedRow } from "./import-rows.ts";
import type { PlannedRow, Planner, RowResult } from "./plan-row.ts";
import type { ResultsFile } from "./results-file.ts";
import type { Held, RowKind } from "./row-kind.ts";
import type { SeenCodes } from "./seen-codes.ts";
import { noticeOf } from "./submit-chunk.ts";
import type { TableRow } from "./table.ts";

/** What a dry run takes. */
export type DryRunParameters = {
  readonly parts: AsyncIterable<readonly TableRow[]>;
  readonly plan: Planner;
  readonly kind: RowKind;
  readonly seen: SeenCodes;
  readonly contents: SeenCodes;
  /** Whether rows that are passed over stand in the results. */
  readonly tellsSkipped: boolean;
  readonly client: Client;
  readonly results: ResultsFile;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number, counts: Counts) => void;
};

/** Says what an import would do with each row, and changes nothing. */
export async function dryRun(parameters: DryRunParameters): Promise<Counts> {
  const { parts, plan, results, signal, tellsSkipped } = parameters;
  let counts: Counts = {};
  let rows = 0;
  for await (const part of parts) {
    signal.throwIfAborted();
    const judged: (RowResult | PlannedRow)[] = [];
    let skipped = 0;
    for (const row of part) {
      const planned = plan(row);
      if (planned === undefined && tellsSkipped) judged.push(skippedRow(row.row));
      else if (planned === undefined) skipped += 1;
      else if ("refused" in planned) judged.push(planned.refused);
      else judged.push(repeated(parameters, planned.planned) ?? planned.planned);
    }
    const done = await standingsOf(parameters, judged);
    counts = addCounts(counts, done, skipped);
    results.add(done);
    rows += part.length;
    parameters.onProgress(rows, counts);
  }
  return counts;
}

function repeated(parameters: DryRunParameters, planned: PlannedRow): RowResult | undefined {
  const before = beforeOf(parameters, planned);
  if (before === undefined) return undefined;
  return { row: planned.row, code: planned.code, ...repeatOf(parameters.kind, before) };
}

async function standingsOf(
  { client, kind, signal }: DryRunParameters,
  judged: readonly (RowResult | PlannedRow)[],
): Promise<readonly RowResult[]> {
  const open = judged.filter((one): one is PlannedRow => !("outcome" in one));
  const foreseen = await kind.foresee?.(client, open, { signal, isDry: true });
  const byRow = new Map(foreseen?.map((one) => [one.row, one]));
  const taken: ReadonlyMap<string, Held> =
    foreseen === undefined ? await kind.findTaken(client, open, signal) : new Map();
  return judged.map((given) => {
    const one = byRow.get(given.row) ?? given;
    if ("outcome" in one) return one;
    const { row, code, operation } = one;
    const codes = kind.countOf?.(operation) ?? 1;
    const outcome = kind.wouldBe?.(one) ?? "free";
    const held = taken.get(code);
    const subject = { row, code, rejection: "", detail: "", codes };
    if (held === undefined) return { ...subject, outcome, ...noticeOf(one) };
    if (held.stands) return { ...subject, outcome: "stands" };
    const detail = held.detail ?? kind.takenDetail(code);
    return { ...subject, outcome: "taken", rejection: kind.taken, detail };
  });
}
