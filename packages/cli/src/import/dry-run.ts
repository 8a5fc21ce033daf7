import type { Client } from "@cityroot/sdk/client";
import type { Counts } from "./import-rows.ts";
import type { PlannedRow, Planner, RowResult } from "./plan-row.ts";
import type { ResultsFile } from "./results-file.ts";
import type { RowKind } from "./row-kind.ts";
import type { SeenCodes } from "./seen-codes.ts";
import type { TableRow } from "./table.ts";

/** What a dry run takes. */
export type DryRunParameters = {
  readonly parts: AsyncIterable<readonly TableRow[]>;
  readonly plan: Planner;
  readonly kind: RowKind;
  readonly seen: SeenCodes;
  readonly client: Client;
  readonly results: ResultsFile;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number, counts: Counts) => void;
};

/** Says what an import would do with each row, and changes nothing. */
export async function dryRun(parameters: DryRunParameters): Promise<Counts> {
  const { parts, plan, kind, seen, results, signal } = parameters;
  const counts: { [outcome: string]: number } = {};
  let rows = 0;
  for await (const part of parts) {
    signal.throwIfAborted();
    const judged: (RowResult | PlannedRow)[] = [];
    for (const row of part) {
      const planned = plan(row);
      if (planned === undefined) counts["skipped"] = (counts["skipped"] ?? 0) + 1;
      else if ("refused" in planned) judged.push(planned.refused);
      else judged.push(repeatOf(kind, seen, planned.planned) ?? planned.planned);
    }
    const done = await standingsOf(parameters, judged);
    for (const { outcome, codes = 1 } of done) counts[outcome] = (counts[outcome] ?? 0) + codes;
    results.add(done);
    rows += part.length;
    parameters.onProgress(rows, counts);
  }
  return counts;
}

function repeatOf(kind: RowKind, seen: SeenCodes, { row, code }: PlannedRow): RowResult | undefined {
  const first = seen.add(code, row);
  if (first === undefined) return undefined;
  return {
    row,
    code,
    outcome: "duplicate",
    rejection: kind.taken,
    detail: kind.repeatDetail(first),
  };
}

async function standingsOf(
  { client, kind, signal }: DryRunParameters,
  judged: readonly (RowResult | PlannedRow)[],
): Promise<readonly RowResult[]> {
  const open = judged.filter((one): one is PlannedRow => !("outcome" in one));
  const taken = await kind.findTaken(client, open, signal);
  return judged.map((one) => {
    if ("outcome" in one) return one;
    const { row, code, operation } = one;
    const codes = kind.countOf?.(operation) ?? 1;
    const outcome = kind.wouldBe?.(one) ?? "free";
    const stands = taken.get(code);
    if (stands === undefined) return { row, code, outcome, rejection: "", detail: "", codes };
    const held = stands ? "stands" : "taken";
    return { row, code, outcome: held, rejection: kind.taken, detail: kind.takenDetail(code), codes };
  });
}
