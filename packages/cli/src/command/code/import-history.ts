import { isCode } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import { compileRule } from "@cityroot/core/rule/conform";
import type { Day } from "@cityroot/core/state/day";
import type { Client } from "@cityroot/sdk/client";
import { resolve } from "@cityroot/sdk/resolve";
import { EVIDENCE_OPTION, evidenceOption } from "../../alias/alias-options.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { closingOf, writeFindings } from "../../history-import/closing.ts";
import { historyKind } from "../../history-import/history-kind.ts";
import { historyRows } from "../../history-import/history-rows.ts";
import { linkSuccessors } from "../../history-import/link-successors.ts";
import { orderEndings } from "../../history-import/order-endings.ts";
import type { PlanContext } from "../../history-import/plan-period.ts";
import { proposeSuccessors } from "../../history-import/propose-successors.ts";
import {
  HISTORY_ROWS_MAX,
  type Periods,
  readPeriods,
  TooManyRowsError,
} from "../../history-import/read-periods.ts";
import type { Reading } from "../../history-import/reading.ts";
import { READING_OPTIONS, readingOf } from "../../history-import/reading-options.ts";
import { readSuccessors, writeProposals } from "../../history-import/successors-file.ts";
import { MAP_OPTIONS } from "../../import/mapping.ts";
import {
  CHUNK_ROWS,
  IMPORT_TIMEOUT_MS,
  lookAtTable,
  runRows,
  subjectOfTable,
  TABLE_OPTIONS,
} from "../../import/run-table.ts";
import { openTable, type TableRow } from "../../import/table.ts";
import type { Input } from "../../input.ts";
import { connect } from "../../registry/connect.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { fetchBindingRules } from "../../registry/rule-options.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<file>", text: "argument.importFile" }],
  options: [
    ...READING_OPTIONS,
    ...MAP_OPTIONS,
    { flags: "--successors <file>", text: "option.historySuccessors" },
    { flags: "--renames", text: "option.historyRenames" },
    { flags: "--claimant <prefix>", text: "option.aliasClaimant" },
    EVIDENCE_OPTION,
    ...TABLE_OPTIONS,
    { flags: "--holder <name>", text: "option.holder" },
  ],
  examples: [
    "cityroot code import-history data/gbt2260-history.csv --system gbt2260 --map class=division --map code=MA.156/80.10000000.1/{period} --map name.zh={name} --dry-run",
    "cityroot code import-history posts.csv --system works-number --value {number} --from {since} --until {to} --map class=post --map code=MA.156.1301.02/60.10000000.1/{period} --map name.zh={name}",
  ],
  run: async (context, input) => {
    const path = pathFrom(context.io.workingFolder, input.argument("file"));
    const facts = await lookAtTable(context, input, path);
    const { columns } = await openTable(path, facts, 1);
    const reading = readingOf(context, input, columns);
    const open = async (): Promise<AsyncIterable<readonly TableRow[]>> =>
      (await openTable(path, facts, CHUNK_ROWS)).parts;
    const periods = await readAll(context, reading, columns, await open());
    const today = new Date(context.io.now()).toISOString().slice(0, 10) as Day;
    const [findingsPath, proposalsPath] = [`${path}.findings.csv`, `${path}.proposals.csv`];
    const reviewed = await readSuccessors(context, input, { periods, proposalsPath });
    const renames = input.flag("renames");
    const linked = linkSuccessors({ periods, system: reading.system, today, renames, reviewed });
    const ordered = orderEndings(periods, linked.successors, today);
    const findings = [...periods.findings, ...linked.findings, ...ordered.findings].sort(
      (a, b) => a.row - b.row,
    );
    const proposals = proposeSuccessors(periods, linked.successors, today);
    const client = await connect(context, { timeoutMs: IMPORT_TIMEOUT_MS });
    const about = firstCode(periods);
    const plan = await planContextOf(context, input, client, { reading, about });
    const needsKey = about !== undefined && (!input.flag("dry-run") || input.text("holder") !== undefined);
    const holder = needsKey
      ? await findHolder(context, input, client, { code: about, seat: "above" })
      : undefined;
    const { claimant, evidence } = plan;
    const rows = historyRows({
      ...{ client, reading, periods, ordered, today, open, context: plan },
      partRows: CHUNK_ROWS,
      signal: context.io.interrupt,
    });
    writeFindings(findingsPath, findings);
    writeProposals(proposalsPath, proposals);
    const { successors } = linked;
    const said = { ...reading, renames, reviewed: [...reviewed], claimant, evidence } as unknown as Json;
    return runRows(context, input, {
      ...{ client, path, holder, plan: rows.plan, kind: historyKind(context.say) },
      open: async () => rows.parts(),
      total: facts.lines + ordered.endings.length,
      subject: subjectOfTable({ path, facts, reading: said }),
      // What ends has to come after all that it needs, and in its order.
      isSequence: ordered.endings.length > 0,
      // The table as a whole told already which rows repeat others.
      seen: { add: () => undefined, isComplete: () => true },
      closing: () =>
        closingOf(context, { periods, successors, proposals, findings, today, findingsPath, proposalsPath }),
    });
  },
};

async function readAll(
  { say, language }: Context,
  reading: Reading,
  columns: readonly string[],
  parts: AsyncIterable<readonly TableRow[]>,
): Promise<Periods> {
  try {
    return await readPeriods({ say, language }, reading, columns, parts);
  } catch (cause) {
    if (!(cause instanceof TooManyRowsError)) throw cause;
    const max = HISTORY_ROWS_MAX;
    throw new CommandFailure(
      {
        code: "TABLE_TOO_LONG",
        exit: "usage",
        detail: say("error.historyRows", { max }),
        field: "file",
        expected: `<= ${max}`,
        got: `> ${max}`,
        fix: say("error.historyRows.fix"),
      },
      { cause },
    );
  }
}

/** A code of the table, by which holder, claimant and rules are found. */
function firstCode({ byRow }: Periods): string | undefined {
  for (const { code } of byRow.values()) if (isCode(code)) return code;
  return undefined;
}

async function planContextOf(
  context: Context,
  input: Input,
  client: Client,
  { reading, about }: { readonly reading: Reading; readonly about: string | undefined },
): Promise<PlanContext> {
  const { interrupt: signal, now } = context.io;
  const chain =
    about === undefined ? [] : ((await resolve(client, about, { follow: false, signal })).chain ?? []);
  const prefixes = chain.map(({ prefix }) => prefix).filter((prefix) => prefix !== about);
  const rules = await fetchBindingRules(client, prefixes);
  return {
    system: reading.system,
    claimant: input.text("claimant") ?? prefixes.at(-1) ?? "",
    evidence: await evidenceOption(context, input),
    matchers: rules.map(({ prefix, rule }) => compileRule(rule, prefix)),
    now,
  };
}
