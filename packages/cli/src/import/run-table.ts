import { createHash } from "node:crypto";
import { existsSync, rmSync, statSync } from "node:fs";
import type { Json } from "@cityroot/core/json";
import type { Client } from "@cityroot/sdk/client";
import { getCheckpoint } from "@cityroot/sdk/get-checkpoint";
import { proveNetwork } from "@cityroot/sdk/prove-network";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { CommandFailure, Interrupted } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import type { HolderFile } from "../registry/holder-file.ts";
import { printable } from "../terminal/printable.ts";
import { readable } from "../terminal/readable.ts";
import { CATALOGUES, type Say, type TextKey } from "../text/say.ts";
import { dryRun } from "./dry-run.ts";
import { lockJournal } from "./import-lock.ts";
import { type Counts, importRows } from "./import-rows.ts";
import { forgetJournal, type Journal, JournalDiffersError, openJournal } from "./journal.ts";
import type { Planner } from "./plan-row.ts";
import { type RefusalSummary, summarising } from "./refusal-summary.ts";
import { openResults, type ResultsForm } from "./results-file.ts";
import type { RowKind } from "./row-kind.ts";
import { sealerOf } from "./seal-transaction.ts";
import { type SeenCodes, seenCodes } from "./seen-codes.ts";
import { openTable, type TableRow } from "./table.ts";
import { refuseNoTable } from "./table-form.ts";
import { ENCODINGS, type Encoding, lookAtText, type TextFacts } from "./text-encoding.ts";

/** Rows of a chunk, which is one transaction where no row of it is refused. */
export const CHUNK_ROWS = 1_000;
const PARALLEL = 4;
const PARALLEL_MAX = 32;
/** Blocks that a transaction of an import may take to enter. */
const LIFETIME_BLOCKS = 8_192;
/** A request with much in it, at a registry with much to do, in milliseconds. */
export const IMPORT_TIMEOUT_MS = 120_000;

/** Options of every command that takes a table. */
export const TABLE_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--dry-run", text: "option.importDryRun" },
  { flags: "--encoding <encoding>", text: "option.encoding", choices: ENCODINGS },
  { flags: "--delimiter <character>", text: "option.delimiter" },
  { flags: "--parallel <number>", text: "option.parallel" },
  { flags: "--results <file>", text: "option.results" },
  { flags: "--restart", text: "option.restart" },
];

/** A table, and what its rows become. */
export type TableWork = Omit<RowsWork, "open" | "total" | "subject"> & {
  /** The table. */
  readonly path: string;
  /** What tells results and journal of this work from others of the same table, in their names. */
  readonly label?: string;
  readonly facts: TextFacts;
  /** What says how rows are read: with another one it is another import. */
  readonly reading: Json;
};

/** Rows from wherever, and what they become. */
export type RowsWork = {
  readonly client: Client;
  /** What results and journal stand beside. */
  readonly path: string;
  /** Opens the rows from the beginning, in parts of {@link CHUNK_ROWS} that hold the same of the file at every run. */
  readonly open: () => Promise<AsyncIterable<readonly TableRow[]>>;
  /** About how many there are; undefined where that is not known. */
  readonly total: number | undefined;
  /** What a journal is of, beside holder and network: with another one it is another import. */
  readonly subject: { readonly [name: string]: Json };
  readonly plan: Planner;
  readonly kind: RowKind;
  /** Who signs; undefined where nothing is to be signed. */
  readonly holder: HolderFile | undefined;
  /** Whether rows have to go in their order. */
  readonly isSequence: boolean;
  /** Remembers codes, where something else than the rows' names tells which are the same. */
  readonly seen?: SeenCodes;
  /** How results are written, where not as rows of a table. */
  readonly form?: ResultsForm;
  /** What is told at the end beside the counts: members of the line of JSON, and lines for people. */
  readonly closing?: () => { readonly json: object; readonly lines: readonly string[] };
};

/** Does what the rows of a table say, or says what that would be. */
export function runTable(context: Context, input: Input, table: TableWork): Promise<ExitCode> {
  const { facts, reading, label, path, ...work } = table;
  return runRows(context, input, {
    ...work,
    path: label === undefined ? path : `${path}.${label}`,
    open: async () => (await openTable(path, facts, CHUNK_ROWS)).parts,
    total: facts.lines,
    subject: subjectOfTable(table),
  });
}

/** Does what rows say, or says what that would be. */
export function runRows(context: Context, input: Input, work: RowsWork): Promise<ExitCode> {
  return input.flag("dry-run") ? runDry(context, input, work) : runImport(context, input, work);
}

/** Looks at a file before it is read: where it is, how it is encoded, what parts its values. */
export async function lookAtTable(context: Context, input: Input, path: string): Promise<TextFacts> {
  const { say } = context;
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new CommandFailure({
      code: "FILE_NOT_FOUND",
      exit: "failure",
      detail: say("error.file", { path, reason: say("error.noFile") }),
      field: "file",
      expected: say("error.file.expected"),
      got: path,
      fix: say("error.file.fix"),
    });
  }
  refuseNoTable(context, path);
  const facts = await lookAtText(path, input.text("encoding") as Encoding | undefined);
  const delimiter = input.text("delimiter")?.replace("\\t", "\t") ?? facts.delimiter;
  if (facts.encoding !== "utf-8") context.note(say("import.encoding", { encoding: facts.encoding }));
  return { ...facts, delimiter };
}

async function runDry(context: Context, input: Input, work: RowsWork): Promise<ExitCode> {
  const { client, path, total, plan, kind } = work;
  const out = pathFrom(context.io.workingFolder, input.text("results") ?? `${path}.dry-run.csv`);
  const { interrupt: signal } = context.io;
  const parts = await work.open();
  const results = summarising(openResults(out, 0, work.form), []);
  const bar = context.progress(context.say("import.dryRun"), total);
  try {
    const counts = await dryRun({
      parts,
      plan,
      kind,
      seen: work.seen ?? seenCodes(),
      contents: seenCodes(),
      tellsSkipped: work.form === undefined,
      client,
      results,
      signal,
      onProgress: (_, now) => bar.update(sumOf(now), badOf(now)),
    });
    bar.stop();
    return report(context, work, { counts, results: out, reasons: results.summary(), dryRun: true });
  } finally {
    bar.stop();
    results.close();
  }
}

async function runImport(context: Context, input: Input, work: RowsWork): Promise<ExitCode> {
  const { say, io } = context;
  const { client, path, total, plan, kind, holder } = work;
  const out = pathFrom(io.workingFolder, input.text("results") ?? `${path}.results.csv`);
  const folder = `${path}.import`;
  const network = (await proveNetwork(client)).id;
  const release = lockOf(context, folder);
  const bar = context.progress(say(kind.type === "issue" ? "import.importing" : "import.claiming"), total);
  let results: ReturnType<typeof summarising> | undefined;
  try {
    const subject = { ...work.subject, holder: holder?.id ?? "", network };
    const journal = openJournalOf(context, input, folder, subject);
    const { chunks, resultBytes, reasons } = journal.state();
    if (chunks > 0)
      context.note(say("import.resumes", { rows: (chunks * CHUNK_ROWS).toLocaleString(context.language) }));
    results = summarising(openResults(out, resultBytes, work.form), reasons);
    const parts = await work.open();
    const counts = await importRows({
      parts,
      plan,
      context: {
        ...{ client, kind },
        seal: holder === undefined ? () => new Uint8Array(0) : sealerOf(holder, network, kind.type),
        lastHeight: async () => (await getCheckpoint(client)).height + LIFETIME_BLOCKS,
        signal: io.interrupt,
      },
      journal,
      results,
      seen: work.seen ?? seenCodes(),
      contents: seenCodes(),
      tellsSkipped: work.form === undefined,
      // Serials that count up have to come in order.
      parallel: work.isSequence ? 1 : (input.count("parallel", 1, PARALLEL_MAX) ?? PARALLEL),
      onProgress: (_, now) => bar.update(sumOf(now), badOf(now)),
    });
    bar.stop();
    journal.remove();
    return report(context, work, { counts, results: out, reasons: results.summary(), dryRun: false });
  } catch (error) {
    bar.stop();
    if (!io.interrupt.aborted) throw error;
    context.note(say("import.interrupted"));
    throw new Interrupted();
  } finally {
    results?.close();
    if (!existsSync(`${folder}/import.json`)) rmSync(folder, { recursive: true, force: true });
    release();
  }
}

function lockOf({ say }: Context, folder: string): () => void {
  try {
    return lockJournal(folder);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "HomeInUseError") throw cause;
    throw new CommandFailure(
      {
        code: "IMPORT_RUNS",
        exit: "conflict",
        detail: say("error.importRuns", { detail: cause.message }),
        field: "file",
        expected: say("error.importRuns.expected"),
        got: folder,
        fix: say("error.importRuns.fix"),
      },
      { cause },
    );
  }
}

function openJournalOf(
  context: Context,
  input: Input,
  folder: string,
  subject: Parameters<typeof openJournal>[1],
): Journal {
  const { say } = context;
  if (input.flag("restart")) forgetJournal(folder);
  try {
    return openJournal(folder, subject);
  } catch (error) {
    if (!(error instanceof JournalDiffersError)) throw error;
    throw new CommandFailure({
      code: "JOURNAL_DIFFERS",
      exit: "conflict",
      detail: say("error.journal", { folder }),
      field: "file",
      expected: say("error.journal.expected"),
      got: folder,
      fix: say("error.journal.fix"),
    });
  }
}

/** What a journal is of: another file or mapping is another import. */
export function subjectOfTable({
  path,
  reading,
  facts,
}: Pick<TableWork, "path" | "reading" | "facts">): RowsWork["subject"] {
  const { size, mtimeMs } = statSync(path);
  const digest = createHash("sha256").update(JSON.stringify(reading)).digest("hex");
  const { encoding, delimiter } = facts;
  return {
    sizeBytes: size,
    modifiedMs: mtimeMs,
    mapping: digest,
    encoding,
    delimiter,
  };
}

function sumOf(counts: Counts): number {
  return OUTCOMES.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

function badOf(counts: Counts): number {
  return (counts.refused ?? 0) + (counts.taken ?? 0);
}

const OUTCOMES = [
  ...(["issued", "changed", "succeeded", "claimed", "free", "due", "stands", "void"] as const),
  ...(["withdrawn", "taken", "duplicate", "refused", "skipped"] as const),
];

/** What a refusal or a notice is called. */
function titleOf(say: Say, name: string): string {
  const key = [`notice.${name}`, `rejection.${name}`].find((one) => Object.hasOwn(CATALOGUES.en, one));
  return key === undefined ? name : say(key as TextKey);
}

function report(
  context: Context,
  { closing, kind }: RowsWork,
  {
    counts,
    results,
    reasons,
    dryRun: isDry,
  }: {
    readonly counts: Counts;
    readonly results: string;
    readonly reasons: RefusalSummary;
    readonly dryRun: boolean;
  },
): ExitCode {
  const { say, language } = context;
  const shown = [...OUTCOMES, "conflict" as const].filter((outcome) => (counts[outcome] ?? 0) > 0);
  const more = closing?.();
  context.done({ ...counts, dryRun: isDry, results, ...more?.json }, () => [
    ...(more?.lines ?? []),
    shown
      .map((outcome) =>
        say(outcome === "free" && kind.type === "claim-alias" ? "import.free.claims" : `import.${outcome}`, {
          count: (counts[outcome] ?? 0).toLocaleString(language),
        }),
      )
      .join(" · ") || say("import.empty"),
    ...reasons.map(({ rejection, count, row, detail }) =>
      printable(
        readable(
          say("import.reason", {
            ...{ rejection, row, detail, title: titleOf(say, rejection) },
            count: count.toLocaleString(language),
          }),
        ),
      ),
    ),
    say("import.results", { path: results }),
  ]);
  return badOf(counts) === 0 ? EXIT.ok : EXIT.failure;
}
