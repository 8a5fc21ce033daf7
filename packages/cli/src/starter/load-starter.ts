import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@cityroot/sdk/client";
import { getCheckpoint } from "@cityroot/sdk/get-checkpoint";
import { getPrefix } from "@cityroot/sdk/get-prefix";
import { delegate } from "@cityroot/sdk/operation";
import { proveNetwork } from "@cityroot/sdk/prove-network";
import { send } from "@cityroot/sdk/send";
import type { Context } from "../context.ts";
import { importRows } from "../import/import-rows.ts";
import { openJournal } from "../import/journal.ts";
import { checkMapping, mappingOf } from "../import/mapping.ts";
import { plannerOf, type RowResult } from "../import/plan-row.ts";
import { summarising } from "../import/refusal-summary.ts";
import type { ResultsFile } from "../import/results-file.ts";
import { issueKind } from "../import/row-kind.ts";
import { sealerOf } from "../import/seal-transaction.ts";
import { seenCodes } from "../import/seen-codes.ts";
import { openTable, type TableRow } from "../import/table.ts";
import { lookAtText } from "../import/text-encoding.ts";
import { chooseSigners } from "../registry/choose-signers.ts";
import { type HolderFile, readHolderFile } from "../registry/holder-file.ts";
import { jsonText, writeFileWhole } from "../registry/write-file.ts";
import { parentPrefixOf, starterHolderPath } from "./create-starter-home.ts";
import type { Starter, StarterSource } from "./starter-data.ts";
import { STARTER_NAMES, STARTER_RULES } from "./starter-rules.ts";

/** What loading takes. */
export type LoadParameters = {
  readonly context: Context;
  readonly client: Client;
  readonly home: string;
  readonly folder: string;
  readonly starter: Starter;
};

/** What has been loaded: sources by file, with how many codes each gave. */
export type Loaded = { readonly sources: { readonly [file: string]: number }; readonly isComplete: boolean };

const CHUNK_ROWS = 1_000;
const PARALLEL = 4;
const LIFETIME_BLOCKS = 8_192;

function progressPath(home: string): string {
  return join(home, "starter.json");
}

/** How far the starter data of a home is loaded. */
export function readLoaded(home: string): Loaded {
  const path = progressPath(home);
  if (!existsSync(path)) return { sources: {}, isComplete: false };
  return JSON.parse(readFileSync(path, "utf8")) as Loaded;
}

/**
 * Loads the starter data: from the root prefixes down, first what a prefix issues, then whom it delegates to. What an
 * earlier run did is passed over, and what it left half done is taken up where it stopped.
 */
export async function loadStarter(parameters: LoadParameters): Promise<Loaded> {
  const { context, home, folder, starter } = parameters;
  const lines = new Map<string, number>();
  for (const { file } of starter.sources) {
    lines.set(file, (await lookAtText(folder + file, undefined)).lines - 1);
  }
  const total = [...lines.values()].reduce((sum, count) => sum + count, 0);
  const bar = context.progress(context.say("dev.loading"), total);
  const sources: { [file: string]: number } = { ...readLoaded(home).sources };
  let before = 0;
  try {
    for (const { code } of inOrder(starter)) {
      await ensureDelegated(parameters, code);
      for (const source of starter.sources.filter(({ prefix }) => prefix === code)) {
        sources[source.file] ??= await loadSource(parameters, source, (rows) => bar.update(before + rows));
        before += lines.get(source.file)!;
        bar.update(before);
        writeFileWhole(progressPath(home), jsonText({ sources, isComplete: false }));
      }
    }
  } finally {
    bar.stop();
  }
  const loaded: Loaded = { sources, isComplete: true };
  writeFileWhole(progressPath(home), jsonText(loaded));
  return loaded;
}

/** Prefixes so that each comes after everything that the one above it issues. */
function inOrder(starter: Starter): readonly { readonly code: string }[] {
  return [...starter.prefixes].sort((a, b) => a.code.split(".").length - b.code.split(".").length);
}

async function ensureDelegated(
  { context, client, home, starter }: LoadParameters,
  code: string,
): Promise<void> {
  const parent = parentPrefixOf(starter, code);
  if (parent === undefined || (await getPrefix(client, code, { reported: false })) !== null) return;
  const holder = readHolderFile(context, starterHolderPath(home, code));
  const delegator = readHolderFile(context, starterHolderPath(home, parent));
  const operation = delegate({
    prefix: code,
    holder: { name: holder.name, keys: holder.keySet },
    rule: STARTER_RULES[code] ?? null,
    class: "organisation",
    attributes: STARTER_NAMES[code] ?? { name: holder.name },
  });
  const signers = chooseSigners(delegator, ["delegate"]);
  await send(client, {
    holder: delegator.id,
    signers,
    operations: [operation],
    signal: context.io.interrupt,
  });
}

/** Keeps what was refused, which for this data is a mistake of ours. */
function refusalsOnly(refusals: RowResult[]): ResultsFile {
  return {
    add: (results) => {
      refusals.push(...results.filter(({ outcome }) => outcome !== "issued"));
      return 0;
    },
    close: () => {},
  };
}

/** Issues the codes of one table and gives how many. */
async function loadSource(
  { context, client, home, folder }: LoadParameters,
  source: StarterSource,
  onRows: (rows: number) => void,
): Promise<number> {
  const mapping = { ...mappingOf(context, source), trim: true };
  const facts = await lookAtText(folder + source.file, undefined);
  const { columns, parts } = await openTable(folder + source.file, facts, CHUNK_ROWS);
  checkMapping(context, mapping, columns);
  const holder: HolderFile = readHolderFile(context, starterHolderPath(home, source.prefix));
  const { id: network } = await proveNetwork(client);
  const journal = openJournal(join(home, "starter", source.file), {
    network,
    holder: holder.id,
    mapping: source,
  });
  const refusals: RowResult[] = [];
  const trimmed = { rows: 0 };
  const counts = await importRows({
    parts: countTrimmed(parts, trimmed),
    plan: plannerOf(mapping, { columns, rules: [], now: context.io.now, say: context.say }),
    context: {
      ...{ client, kind: issueKind(context.say) },
      seal: sealerOf(holder, network, "issue"),
      lastHeight: async () => (await getCheckpoint(client)).height + LIFETIME_BLOCKS,
      signal: context.io.interrupt,
    },
    journal,
    results: summarising(refusalsOnly(refusals), []),
    seen: seenCodes(),
    contents: seenCodes(),
    tellsSkipped: false,
    parallel: PARALLEL,
    onProgress: (rows) => onRows(rows),
  });
  const [refusal] = refusals;
  if (refusal !== undefined) {
    const { row, rejection, detail } = refusal;
    throw new Error(`row ${row} of ${source.file} was refused, ${rejection}: ${detail}`);
  }
  if (trimmed.rows > 0) context.note(context.say("dev.trimmed", { count: trimmed.rows, file: source.file }));
  journal.remove();
  return counts["issued"] ?? 0;
}

/** Counts the rows with a space at an end of a value: what is mended is told. */
async function* countTrimmed(
  parts: AsyncIterable<readonly TableRow[]>,
  trimmed: { rows: number },
): AsyncGenerator<readonly TableRow[]> {
  for await (const part of parts) {
    for (const row of part) {
      if ("values" in row && Object.values(row.values).some((value) => value !== value.trim()))
        trimmed.rows += 1;
    }
    yield part;
  }
}
