import type { Journal, JournalState, PendingChunk } from "./journal.ts";
import type { PlannedRow, Planner, RowResult } from "./plan-row.ts";
import type { ResultsFile } from "./results-file.ts";
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
  readonly results: ResultsFile;
  readonly seen: SeenCodes;
  /** Chunks that are on their way at once. */
  readonly parallel: number;
  readonly onProgress: (rows: number, counts: Counts) => void;
};

/** How many codes had each outcome, one for each row but for ranges; rows that the mapping passes over count as `skipped`. */
export type Counts = { readonly [outcome: string]: number };

/** A chunk as it was planned. */
type Chunk = {
  readonly index: number;
  readonly rows: number;
  readonly skipped: number;
  readonly results: RowResult[];
  readonly planned: PlannedRow[];
  /** Rows whose code seems to be in an earlier row: they wait for it. */
  readonly repeated: (PlannedRow & { readonly first: number })[];
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
      counts = add(counts, answers, chunk.skipped);
      const resultBytes = results.add(answers);
      journal.settle({ chunks: chunk.index + 1, resultBytes, counts } satisfies JournalState);
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

function planChunk({ plan, seen }: ImportParameters, index: number, part: readonly TableRow[]): Chunk {
  const chunk: Chunk = { index, rows: part.length, skipped: 0, results: [], planned: [], repeated: [] };
  let skipped = 0;
  for (const row of part) {
    const judged = plan(row);
    if (judged === undefined) skipped += 1;
    else if ("refused" in judged) chunk.results.push(judged.refused);
    else {
      const first = seen.add(judged.planned.code, row.row);
      if (first === undefined) chunk.planned.push(judged.planned);
      else chunk.repeated.push({ ...judged.planned, first });
    }
  }
  return { ...chunk, skipped };
}

async function issueChunk(
  { context, journal }: ImportParameters,
  chunk: Chunk,
  before: Promise<unknown>,
): Promise<readonly RowResult[]> {
  const known = journal.pending(chunk.index);
  const repeated = new Map(chunk.repeated.map((row) => [row.row, row.first]));
  // What was told of rows before anything was sent is kept with it: once that entered, the same rows may be told otherwise.
  const told = known !== undefined && known.groups.length > 0 ? [] : chunk.results;
  const save = ({ results, groups }: PendingChunk): void =>
    journal.save(chunk.index, { results: [...told, ...results], groups });
  // What was under way when a run was interrupted is known by its rows.
  const wasSecond = known?.groups.some(({ rows }) => rows.some((row) => repeated.has(row))) === true;
  let results = wasSecond ? [] : await submitRows(context, chunk.planned, known, save);
  if (repeated.size > 0) {
    await before;
    const rows = [...chunk.planned, ...chunk.repeated];
    results = await submitRows(context, rows, wasSecond ? known : { results, groups: [] }, save);
  }
  const byRow = new Map(told.map((result) => [result.row, result]));
  for (const result of results) byRow.set(result.row, named(context.kind, result, repeated));
  return [...byRow.values()].sort((a, b) => a.row - b.row);
}

/** A row that was refused because an earlier row says the same says so. */
function named(kind: RowKind, result: RowResult, repeated: ReadonlyMap<number, number>): RowResult {
  const first = repeated.get(result.row);
  if (first === undefined || result.rejection !== kind.taken) return result;
  return { ...result, outcome: "duplicate", detail: kind.repeatDetail(first) };
}

function add(counts: Counts, results: readonly RowResult[], skipped: number): Counts {
  const next: { [outcome: string]: number } = { ...counts };
  for (const { outcome, codes = 1 } of results) next[outcome] = (next[outcome] ?? 0) + codes;
  if (skipped > 0) next["skipped"] = (next["skipped"] ?? 0) + skipped;
  return next;
}
