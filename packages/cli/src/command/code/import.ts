import { createHash } from "node:crypto";
import { existsSync, rmSync, statSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import type { Rule } from "@cityroot/core/rule/rule";
import type { Client } from "@cityroot/sdk/client";
import { getCheckpoint } from "@cityroot/sdk/get-checkpoint";
import { proveNetwork } from "@cityroot/sdk/prove-network";
import { resolve } from "@cityroot/sdk/resolve";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT, type ExitCode } from "../../exit-code.ts";
import { CommandFailure, Interrupted } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { dryRun } from "../../import/dry-run.ts";
import { lockJournal } from "../../import/import-lock.ts";
import { type Counts, importRows } from "../../import/import-rows.ts";
import { forgetJournal, type Journal, JournalDiffersError, openJournal } from "../../import/journal.ts";
import { checkMapping, MAP_OPTIONS, type Mapping, readMapping } from "../../import/mapping.ts";
import { type Planner, plannerOf } from "../../import/plan-row.ts";
import { openResults } from "../../import/results-file.ts";
import { sealerOf } from "../../import/seal-transaction.ts";
import { seenCodes } from "../../import/seen-codes.ts";
import { openTable } from "../../import/table.ts";
import { ENCODINGS, type Encoding, lookAtText, type TextFacts } from "../../import/text-encoding.ts";
import type { Input } from "../../input.ts";
import { connect } from "../../registry/connect.ts";
import { findHolder } from "../../registry/find-holder.ts";
import type { HolderFile } from "../../registry/holder-file.ts";
import { fetchBindingRules } from "../../registry/rule-options.ts";

/** Rows of a chunk, which is one transaction where no row of it is refused. */
const CHUNK_ROWS = 1_000;
const PARALLEL = 4;
const PARALLEL_MAX = 32;
/** Blocks that a transaction of an import may take to enter. */
const LIFETIME_BLOCKS = 8_192;
/** A request with much in it, at a registry with much to do. */
const TIMEOUT_MS = 120_000;

export const command: CommandDefinition = {
  arguments: [{ name: "<file>", text: "argument.importFile" }],
  options: [
    ...MAP_OPTIONS,
    { flags: "--dry-run", text: "option.importDryRun" },
    { flags: "--encoding <encoding>", text: "option.encoding", choices: ENCODINGS },
    { flags: "--delimiter <character>", text: "option.delimiter" },
    { flags: "--parallel <number>", text: "option.parallel" },
    { flags: "--results <file>", text: "option.results" },
    { flags: "--restart", text: "option.restart" },
    { flags: "--holder <name>", text: "option.holder" },
  ],
  examples: [
    "cityroot code import lamps.csv --map class=street-lamp --map code=MA.156.1301.02/60.10000000.1/{id} --map name.zh={name} --dry-run",
    "cityroot code import lamps.csv --map lamps.json",
  ],
  run: async (context, input) => {
    const path = pathFrom(context.io.workingFolder, input.argument("file"));
    const facts = await lookAt(context, input, path);
    const mapping = readMapping(context, input);
    const { columns } = await openTable(path, facts, 1);
    checkMapping(context, mapping, columns);
    const client = await connect(context, { timeoutMs: TIMEOUT_MS });
    const start = await findStart(context, input, { client, mapping, path, facts, columns });
    const plan = plannerOf(mapping, { columns, rules: start.rules, now: context.io.now });
    const work: Work = { client, mapping, path, facts, plan, ...start };
    return input.flag("dry-run") ? runDry(context, input, work) : runImport(context, input, work);
  },
};

/** Who signs, and what binds. */
type Start = {
  readonly holder: HolderFile | undefined;
  readonly rules: readonly { readonly prefix: Code; readonly rule: Rule }[];
};

type Source = {
  readonly client: Client;
  readonly mapping: Mapping;
  readonly path: string;
  readonly facts: TextFacts;
};

type Work = Source & Start & { readonly plan: Planner };

async function lookAt(context: Context, input: Input, path: string): Promise<TextFacts> {
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
  const facts = await lookAtText(path, input.text("encoding") as Encoding | undefined);
  const delimiter = input.text("delimiter")?.replace("\\t", "\t") ?? facts.delimiter;
  if (facts.encoding !== "utf-8") context.note(say("import.encoding", { encoding: facts.encoding }));
  return { ...facts, delimiter };
}

/** The first row that says a code tells which prefix, so which holder and which rules. */
async function findStart(
  context: Context,
  input: Input,
  source: Source & { readonly columns: readonly string[] },
): Promise<Start> {
  const { client, mapping, path, facts, columns } = source;
  const plan = plannerOf(mapping, { columns, rules: [], now: context.io.now });
  const { parts } = await openTable(path, facts, 100);
  for await (const part of parts) {
    for (const row of part) {
      const planned = plan(row);
      if (planned === undefined || "refused" in planned) continue;
      const { code } = planned.planned;
      const { chain } = await resolve(client, code, { follow: false, signal: context.io.interrupt });
      const prefixes = (chain ?? []).map(({ prefix }) => prefix).filter((prefix) => prefix !== code);
      const rules = await fetchBindingRules(client, prefixes);
      const needsKey = !input.flag("dry-run") || input.text("holder") !== undefined;
      const holder = needsKey ? await findHolder(context, input, client, { code, seat: "above" }) : undefined;
      return { holder, rules };
    }
  }
  return { holder: undefined, rules: [] };
}

async function runDry(context: Context, input: Input, work: Work): Promise<ExitCode> {
  const { client, path, facts, plan } = work;
  const out = pathFrom(context.io.workingFolder, input.text("results") ?? `${path}.dry-run.csv`);
  const { interrupt: signal } = context.io;
  const { parts } = await openTable(path, facts, CHUNK_ROWS);
  const results = openResults(out, 0);
  const bar = context.progress(context.say("import.dryRun"), facts.lines);
  try {
    const counts = await dryRun({
      parts,
      plan,
      seen: seenCodes(),
      client,
      results,
      signal,
      onProgress: (rows, now) => bar.update(rows, badOf(now)),
    });
    bar.stop();
    return report(context, { counts, results: out, dryRun: true });
  } finally {
    bar.stop();
    results.close();
  }
}

async function runImport(context: Context, input: Input, work: Work): Promise<ExitCode> {
  const { say, io } = context;
  const { client, path, facts, plan, holder, rules } = work;
  const out = pathFrom(io.workingFolder, input.text("results") ?? `${path}.results.csv`);
  const folder = `${path}.import`;
  const network = (await proveNetwork(client)).id;
  const release = lockOf(context, folder);
  const bar = context.progress(say("import.importing"), facts.lines);
  let results: ReturnType<typeof openResults> | undefined;
  try {
    const journal = openJournalOf(context, input, folder, subjectOf(work, network));
    const { chunks, resultBytes } = journal.state();
    if (chunks > 0)
      context.note(say("import.resumes", { rows: (chunks * CHUNK_ROWS).toLocaleString(context.language) }));
    results = openResults(out, resultBytes);
    const { parts } = await openTable(path, facts, CHUNK_ROWS);
    const isSequence = rules.some(({ rule }) => rule.sequence);
    const counts = await importRows({
      parts,
      plan,
      context: {
        client,
        seal: holder === undefined ? () => new Uint8Array(0) : sealerOf(holder, network),
        lastHeight: async () => (await getCheckpoint(client)).height + LIFETIME_BLOCKS,
        signal: io.interrupt,
      },
      journal,
      results,
      seen: seenCodes(),
      // Serials that count up have to come in order.
      parallel: isSequence ? 1 : (input.count("parallel", 1, PARALLEL_MAX) ?? PARALLEL),
      onProgress: (rows, now) => bar.update(rows, badOf(now)),
    });
    bar.stop();
    journal.remove();
    return report(context, { counts, results: out, dryRun: false });
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

/** What a journal is of: another file, mapping, holder or network is another import. */
function subjectOf(
  { path, mapping, holder, facts }: Work,
  network: string,
): Parameters<typeof openJournal>[1] {
  const { size, mtimeMs } = statSync(path);
  const digest = createHash("sha256").update(JSON.stringify(mapping)).digest("hex");
  const { encoding, delimiter } = facts;
  return {
    sizeBytes: size,
    modifiedMs: mtimeMs,
    mapping: digest,
    encoding,
    delimiter,
    holder: holder?.id ?? "",
    network,
  };
}

function badOf(counts: Counts): number {
  return (counts["refused"] ?? 0) + (counts["taken"] ?? 0) + (counts["duplicate"] ?? 0);
}

const OUTCOMES = ["issued", "free", "taken", "duplicate", "refused", "skipped"] as const;

function report(
  context: Context,
  {
    counts,
    results,
    dryRun: isDry,
  }: { readonly counts: Counts; readonly results: string; readonly dryRun: boolean },
): ExitCode {
  const { say, language } = context;
  const shown = OUTCOMES.filter((outcome) => (counts[outcome] ?? 0) > 0);
  context.done({ ...counts, dryRun: isDry, results }, () => [
    shown
      .map((outcome) => say(`import.${outcome}`, { count: (counts[outcome] ?? 0).toLocaleString(language) }))
      .join(" · ") || say("import.empty"),
    say("import.results", { path: results }),
  ]);
  return badOf(counts) === 0 ? EXIT.ok : EXIT.failure;
}
