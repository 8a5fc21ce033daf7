import type { Journal, JournalState, PendingChunk } from "./journal.ts";
import type { Outcome, PlannedRow, Planner, RowResult } from "./plan-row.ts";
import type { SummarisedResults } from "./refusal-summary.ts";
import type { RowKind } from "./row-kind.ts";
import type { SeenCodes } from "./seen-codes.ts";
import { type SubmitContext, submitRows } from "./submit-chunk.ts";
import type { TableRow } from "./table.ts";

/** What an import takes. */
export type ImportParameters = {
  /** Rows in parts that hold the same of the file at every run: a part is a chunk. */
  readonly parts: AsyncIterable<readonly TableRow[]>;
  readonly plan: Planner;
  readonly context: SubmitContext;
  readonly journal: Journal;
  readonly results: SummarisedResults;
  readonly seen: SeenCodes;
  /** Remembers what rows say of their codes. */
  readonly contents: SeenCodes;
  /** Whether rows that are passed over stand in the results. */
  readonly tellsSkipped: boolean;
  /** Chunks that are on their way at once. */
  readonly parallel: number;
  readonly onProgress: (rows: number, counts: Counts) => void;
};

/** How many codes had each outcome, one for each row but for ranges; and how many of them are in conflict. */
export type Counts = { readonly [outcome in Outcome | "conflict"]?: number };

/** Counts with those of further rows. */
export function addCounts(counts: Counts, results: readonly RowResult[], skipped: number): Counts {
  const next: { [name: string]: number } = { ...counts };
  for (const { outcome, codes = 1, notice } of results) {
    next[outcome] = (next[outcome] ?? 0) + codes;
    if (notice === "CONFLICT") next["conflict"] = (next["conflict"] ?? 0) + 1;
  }
  if (skipped > 0) next["skipped"] = (next["skipped"] ?? 0) + skipped;
  return next;
}

/** A row that is passed over, as it stands in the results. */
export function skippedRow(row: number): RowResult {
  return { row, code: "", outcome: "skipped", rejection: "", detail: "" };
}

/** A row with an earlier one of the same code, and whether the two seem to say the same. */
type Repeated = PlannedRow & { readonly first: number; readonly isSame: boolean };

/** A chunk as it was planned. */
type Chunk = {
  readonly index: number;
  readonly rows: number;
  readonly skipped: number;
  readonly results: RowResult[];
  readonly planned: PlannedRow[];
  /** Rows whose code seems to be in an earlier row: they wait for it. */
  readonly repeated: Repeated[];
};

/**
 * Issues the rows of a table, several chunks at once, and writes what became of each in the order of the rows. Memory
 * holds the chunks that are on their way and no more. Throws what no row is to blame for; the journal then lets the next
 * run go on.
 */
export async function importRows(parameters: ImportParameters): Promise<Counts> {
  const { parts, journal, results, context, parallel } = parameters;
  const done = journal.state().chunks;
  let counts: Counts = journal.state().counts;
  let rows = 0;
  let index = 0;
  let settled: Promise<unknown> = Promise.resolve();
  const failure: { error?: unknown } = {};
  const running = new Set<Promise<void>>();
  for await (const part of parts) {
    if (failure.error !== undefined || context.signal.aborted) break;
    const chunk = planChunk(parameters, index++, part);
    if (chunk.index < done) {
      rows += chunk.rows;
      continue;
    }
    const before = settled;
    const answered = issueChunk(parameters, chunk, before);
    const after = Promise.all([answered, before]).then(([answers]) => {
      counts = addCounts(counts, answers, chunk.skipped);
      const resultBytes = results.add(answers);
      const reasons = results.summary(Number.POSITIVE_INFINITY);
      journal.settle({ chunks: chunk.index + 1, resultBytes, counts, reasons } satisfies JournalState);
      rows += chunk.rows;
      parameters.onProgress(rows, counts);
    });
    settled = after;
    const tracked: Promise<void> = after.then(
      () => void running.delete(tracked),
      (error: unknown) => {
        failure.error ??= error;
        running.delete(tracked);
      },
    );
    running.add(tracked);
    while (running.size >= parallel) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure.error !== undefined) throw failure.error;
  context.signal.throwIfAborted();
  return counts;
}

function planChunk(parameters: ImportParameters, index: number, part: readonly TableRow[]): Chunk {
  const { plan, tellsSkipped } = parameters;
  const chunk: Chunk = { index, rows: part.length, skipped: 0, results: [], planned: [], repeated: [] };
  let skipped = 0;
  for (const row of part) {
    const judged = plan(row);
    if (judged === undefined && tellsSkipped) chunk.results.push(skippedRow(row.row));
    else if (judged === undefined) skipped += 1;
    else if ("refused" in judged) chunk.results.push(judged.refused);
    else {
      const before = beforeOf({ ...parameters, kind: parameters.context.kind }, judged.planned);
      if (before === undefined) chunk.planned.push(judged.planned);
      else chunk.repeated.push({ ...judged.planned, ...before });
    }
  }
  return { ...chunk, skipped };
}

/** The earlier row of the same code, as far as is remembered, and whether it says the same. Remembers this one. */
export function beforeOf(
  { kind, seen, contents }: Pick<ImportParameters, "seen" | "contents"> & { readonly kind: RowKind },
  { code, row, operation }: PlannedRow,
): Pick<Repeated, "first" | "isSame"> | undefined {
  const first = seen.add(code, row);
  const content = kind.contentOf?.(operation);
  const same = content === undefined ? first : contents.add(content, row);
  return first === undefined ? undefined : { first, isSame: same === first };
}

async function issueChunk(
  { context, journal }: ImportParameters,
  chunk: Chunk,
  before: Promise<unknown>,
): Promise<readonly RowResult[]> {
  const known = journal.pending(chunk.index);
  const repeated = new Map(chunk.repeated.map((row) => [row.row, row]));
  // What was told of rows before anything was sent is kept with it: once that entered, the same rows may be told otherwise.
  const isUnderWay = known !== undefined && known.groups.length > 0;
  const told = isUnderWay ? [] : [...chunk.results];
  const foresee = async (rows: readonly PlannedRow[], isSent: boolean): Promise<readonly PlannedRow[]> => {
    if (isSent) return rows;
    const { open, settled } = await foreseeRows(context, rows);
    told.push(...settled);
    return open;
  };
  const save = ({ results, groups }: PendingChunk): void =>
    journal.save(chunk.index, { results: [...told, ...results], groups });
  // What was under way when a run was interrupted is known by its rows.
  const wasSecond = known?.groups.some(({ rows }) => rows.some((row) => repeated.has(row))) === true;
  const planned = await foresee(chunk.planned, isUnderWay);
  let results = wasSecond ? [] : await submitRows(context, planned, known, save);
  if (repeated.size > 0) {
    await before;
    const rows = [...planned, ...(await foresee(chunk.repeated, wasSecond))];
    results = await submitRows(context, rows, wasSecond ? known : { results, groups: [] }, save);
  }
  const byRow = new Map<number, RowResult>();
  for (const result of [...told, ...results]) {
    byRow.set(result.row, named(context, result, repeated.get(result.row)));
  }
  return [...byRow.values()].sort((a, b) => a.row - b.row);
}

/** Rows that are to be submitted, with what is known of them, and those that are settled before. */
async function foreseeRows(
  { client, kind, signal }: SubmitContext,
  rows: readonly PlannedRow[],
): Promise<{ readonly open: readonly PlannedRow[]; readonly settled: readonly RowResult[] }> {
  if (kind.foresee === undefined || rows.length === 0) return { open: rows, settled: [] };
  const judged = await kind.foresee(client, rows, { signal, isDry: false });
  return {
    open: judged.filter((one): one is PlannedRow => !("outcome" in one)),
    settled: judged.filter((one): one is RowResult => "outcome" in one),
  };
}

/** A row that an earlier one left nothing to do for says so; one that says something else of the same code is at fault. */
function named({ kind }: SubmitContext, result: RowResult, repeated: Repeated | undefined): RowResult {
  const isHeld = result.outcome === "stands" || result.rejection === kind.taken;
  if (repeated === undefined || !isHeld) return result;
  return { ...result, ...repeatOf(kind, repeated) };
}

/** What a row is that comes again. */
export function repeatOf(
  kind: RowKind,
  { first, isSame }: Pick<Repeated, "first" | "isSame">,
): Pick<RowResult, "outcome" | "rejection" | "detail"> {
  if (isSame) return { outcome: "duplicate", rejection: "", detail: kind.repeatDetail(first) };
  return { outcome: "refused", rejection: "ROW_CONTRADICTS", detail: kind.contradictDetail(first) };
}
