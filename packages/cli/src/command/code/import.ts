import type { Code } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import type { Rule } from "@cityroot/core/rule/rule";
import type { Client } from "@cityroot/sdk/client";
import { resolve } from "@cityroot/sdk/resolve";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { pathFrom } from "../../global-options.ts";
import { checkMapping, MAP_OPTIONS, type Mapping, readMapping } from "../../import/mapping.ts";
import { plannerOf } from "../../import/plan-row.ts";
import { issueTableKind } from "../../import/row-kind.ts";
import { IMPORT_TIMEOUT_MS, lookAtTable, runTable, TABLE_OPTIONS } from "../../import/run-table.ts";
import { openTable } from "../../import/table.ts";
import type { TextFacts } from "../../import/text-encoding.ts";
import type { Input } from "../../input.ts";
import { connect } from "../../registry/connect.ts";
import { findHolder } from "../../registry/find-holder.ts";
import type { HolderFile } from "../../registry/holder-file.ts";
import { fetchBindingRules } from "../../registry/rule-options.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<file>", text: "argument.importFile" }],
  options: [...MAP_OPTIONS, ...TABLE_OPTIONS, { flags: "--holder <name>", text: "option.holder" }],
  examples: [
    "cityroot code import lamps.csv --map class=street-lamp --map code=MA.156.1301.02/60.10000000.1/{id} --map name.zh={name} --dry-run",
    "cityroot code import lamps.csv --map lamps.json",
  ],
  run: async (context, input) => {
    const path = pathFrom(context.io.workingFolder, input.argument("file"));
    const facts = await lookAtTable(context, input, path);
    const mapping = readMapping(context, input);
    const { columns } = await openTable(path, facts, 1);
    checkMapping(context, mapping, columns);
    const client = await connect(context, { timeoutMs: IMPORT_TIMEOUT_MS });
    const { holder, rules } = await findStart(context, input, { client, mapping, path, facts, columns });
    const plan = plannerOf(mapping, { columns, rules, now: context.io.now, say: context.say });
    // Serials that count up have to come in order.
    const isSequence = rules.some(({ rule }) => rule.sequence);
    const reading = mapping as unknown as Json;
    return runTable(context, input, {
      ...{ client, path, facts, plan, holder, isSequence, reading },
      kind: issueTableKind(context.say),
    });
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

/** The first row that says a code tells which prefix, so which holder and which rules. */
async function findStart(
  context: Context,
  input: Input,
  source: Source & { readonly columns: readonly string[] },
): Promise<Start> {
  const { client, mapping, path, facts, columns } = source;
  const plan = plannerOf(mapping, { columns, rules: [], now: context.io.now, say: context.say });
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
