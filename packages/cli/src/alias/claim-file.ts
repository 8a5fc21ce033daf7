import type { Json } from "@cityroot/core/json";
import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import { tokenField } from "@cityroot/core/operation/field";
import { operationFromJson } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import { resolve } from "@cityroot/sdk/resolve";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit-code.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import { trimValues } from "../import/map-row.ts";
import { type Planner, type RowResult, refusalOf, tableFault } from "../import/plan-row.ts";
import { IMPORT_TIMEOUT_MS, lookAtTable, runTable, TABLE_OPTIONS } from "../import/run-table.ts";
import { openTable, type TableRow } from "../import/table.ts";
import { headerDoubt } from "../import/table-form.ts";
import { columnsOf, fillText } from "../import/template.ts";
import type { TextFacts } from "../import/text-encoding.ts";
import type { Input } from "../input.ts";
import { connect } from "../registry/connect.ts";
import { findHolder } from "../registry/find-holder.ts";
import { canonicalLegacy, dayOf } from "./alias-options.ts";
import { checkSystemMeant, checkSystemName, knownSystems, nearSystem } from "./check-system.ts";
import { type Claim, claimKind, labelOfClaim } from "./claim-kind.ts";
import { type ClaimsOfTable, claimsOfTable } from "./claims-of-table.ts";
import { faultText, type Voice } from "./fault-text.ts";
import { foreseeClaims, type SaidFields } from "./foresee-claims.ts";

/** Options of a table of claims. */
export const FILE_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--file <file>", text: "option.claimFile" },
  { flags: "--renew", text: "option.renew" },
  ...TABLE_OPTIONS,
];

/** Columns that a table of claims may have. Others are passed over. */
const COLUMNS = ["system", "value", "relation", "target", "claimant", "from", "until", "evidence"] as const;
type Column = (typeof COLUMNS)[number];

/** Texts that stand in place of columns; `{column}` in them stands for a value of the row. */
type Defaults = { readonly [column in Column]?: string };

/** Claims what the rows of a table say, or says what that would be. */
export async function claimFile(context: Context, input: Input): Promise<ExitCode> {
  const { say } = context;
  const path = pathFrom(context.io.workingFolder, input.needed("file"));
  const facts = await lookAtTable(context, input, path);
  const { columns } = await openTable(path, facts, 1);
  const options = Object.fromEntries(COLUMNS.map((column) => [column, input.text(column)]));
  const [system, value] = ["system", "value"].map((name) => input.optionalArgument(name));
  const given = { ...options, system, value } as Defaults;
  const needed = (["system", "value", "target"] as const).filter((column) => given[column] === undefined);
  const named = Object.values(given).flatMap((template) => columnsOf(template ?? ""));
  const missing = [...needed, ...named].find((column) => !columns.includes(column));
  if (missing !== undefined) {
    throw new CommandFailure({
      code: "COLUMN_MISSING",
      exit: "usage",
      detail: say("error.claimColumn", { column: missing }),
      field: missing,
      expected: [...needed, ...named].join(", "),
      got: columns.join(", "),
      fix: headerDoubt(say, columns),
    });
  }
  const client = await connect(context, { timeoutMs: IMPORT_TIMEOUT_MS });
  const isUnchecked = input.flag("unchecked");
  const isOneSystem = system !== undefined && columnsOf(system).length === 0;
  if (isOneSystem && isUnchecked) checkSystemName(context, system);
  else if (isOneSystem) await checkSystemMeant(context, client, system);
  const known = isOneSystem || isUnchecked ? undefined : await knownSystems(context, client);
  const claimant = await firstClaimant(context, client, { path, facts, columns, given });
  const table = claimsOfTable();
  const plan = claimPlanner({ voice: context, table, columns, given, claimant, isUnchecked, known });
  const needsKey = !input.flag("dry-run") && claimant !== undefined;
  const holder = needsKey
    ? await findHolder(context, input, client, { code: claimant, seat: "at-or-above" })
    : undefined;
  const renews = input.flag("renew");
  const reading: Json = { ...given, isUnchecked, renews };
  return runTable(context, input, {
    ...{ client, path, facts, plan, holder, reading },
    label: labelOf(system),
    kind: claimKind(say, {
      claimant: claimant ?? "",
      foresee: foreseeClaims({ say, table, said: saidOf(columns, given), renews }),
    }),
    isSequence: false,
  });
}

/** One table is claimed once for each of its systems, and each time leaves results of its own. */
function labelOf(system: string | undefined): string {
  return tokenField.fromJson(system, "system").ok ? system! : "claims";
}

/** What of a claim the table or an option says: the rest stays as it stands. */
function saidOf(columns: readonly string[], given: Defaults): SaidFields {
  const isSaid = (column: Column): boolean => columns.includes(column) || given[column] !== undefined;
  return { from: isSaid("from"), until: isSaid("until"), evidence: isSaid("evidence") };
}

type Source = {
  readonly path: string;
  readonly facts: TextFacts;
  readonly columns: readonly string[];
  readonly given: Defaults;
};

/** Who claims where a row does not say so: the prefix that has the say over the first target. */
async function firstClaimant(
  { io }: Context,
  client: Client,
  { path, facts, columns, given }: Source,
): Promise<string | undefined> {
  const { parts } = await openTable(path, facts, 100);
  for await (const part of parts) {
    for (const row of part) {
      if ("fault" in row) continue;
      const read = readRow(columns, given, row);
      if (read.claimant !== "") return read.claimant;
      if (read.target === "") continue;
      const { chain } = await resolve(client, read.target, { follow: false, signal: io.interrupt }).catch(
        () => ({
          chain: null,
        }),
      );
      const nearest = chain?.at(-1)?.prefix;
      if (nearest !== undefined) return nearest;
    }
  }
  return undefined;
}

type Sound = Extract<TableRow, { readonly values: unknown }>;
type ReadRow = { readonly [column in Column]: string };

function readRow(columns: readonly string[], given: Defaults, row: Sound): ReadRow {
  // No legacy code and no code begins or ends with a space, wherever in a text it is put.
  const values = trimValues(row.values);
  const read: { [column: string]: string } = {};
  for (const column of COLUMNS) {
    const template = given[column];
    const own = columns.includes(column) ? (values[column] ?? "") : "";
    read[column] = (template === undefined ? own : fillText(template, values)).trim();
  }
  return read as ReadRow;
}

/** Whether a row's thing has no code of the system: all that would make one is empty. */
function hasNoValue(template: string | undefined, { values }: Sound): boolean {
  const made = template === undefined ? ["value"] : columnsOf(template);
  return made.length > 0 && made.every((column) => values[column]?.trim() === "");
}

/** A column that codes are made of and that is empty in a row: without it they would be others, such as the prefix above. */
function emptyColumnOf(templates: readonly (string | undefined)[], { values }: Sound): string | undefined {
  return templates
    .flatMap((template) => columnsOf(template ?? ""))
    .find((column) => values[column]?.trim() === "");
}

type ClaimPlannerParameters = {
  readonly voice: Voice;
  readonly table: ClaimsOfTable;
  readonly columns: readonly string[];
  readonly given: Defaults;
  /** Who claims where a row does not say so. */
  readonly claimant: string | undefined;
  readonly isUnchecked: boolean;
  /** Systems that names of rows are held against; undefined where they are not. */
  readonly known: ReadonlySet<string> | undefined;
};

/** Judges rows by the systems that are known here and the rules of form. */
export function claimPlanner({
  voice,
  table,
  columns,
  given,
  claimant = "",
  isUnchecked,
  known,
}: ClaimPlannerParameters): Planner {
  const { say } = voice;
  return (row) => {
    if ("fault" in row) return { refused: tableFault(say, row, columns) };
    if (hasNoValue(given.value, row)) return undefined;
    const read = readRow(columns, given, row);
    const firewall = checkNoPerson(read);
    // What is or holds the number of a person is not repeated.
    if (!firewall.ok) return { refused: refusalOf(row.row, read.system, firewall.rejection) };
    const label = `${read.system} ${read.value}`;
    const refuse = (rejection: string, detail: string): { readonly refused: RowResult } => {
      return { refused: { row: row.row, code: label, outcome: "refused", rejection, detail } };
    };
    const empty = emptyColumnOf([given.target, given.claimant], row);
    if (empty !== undefined) return refuse("COLUMN_EMPTY", say("row.columnEmpty", { column: empty }));
    const near = known === undefined || known.has(read.system) ? undefined : nearSystem(read.system);
    if (near !== undefined) {
      return refuse("SYSTEM_UNKNOWN", say("error.systemNear", { system: read.system, near }));
    }
    const legacy = isUnchecked ? { value: read.value } : canonicalLegacy(read.system, read.value);
    if ("fault" in legacy) return refuse("VALUE_MALFORMED", faultText(voice, legacy.fault));
    const [from, until] = [dayIn(read.from, "first"), dayIn(read.until, "last")];
    if (from === undefined) return refuse("DAY_MALFORMED", say("row.day", { field: "from", got: read.from }));
    if (until === undefined)
      return refuse("DAY_MALFORMED", say("row.day", { field: "until", got: read.until }));
    const operation = operationFromJson({
      type: "claim-alias",
      ...{ system: read.system, value: legacy.value, target: read.target },
      claimant: read.claimant === "" ? claimant : read.claimant,
      relation: read.relation === "" ? "same-as" : read.relation,
      ...{ from, until, evidence: read.evidence === "" ? null : read.evidence },
    });
    if (!operation.ok) return { refused: refusalOf(row.row, label, operation.rejection) };
    const claim = operation.value as Claim;
    // What stands in the table otherwise may be one once it is written as its system writes it.
    const person = checkNoPerson(claim);
    if (!person.ok) return { refused: refusalOf(row.row, read.system, person.rejection) };
    const contradicted = table.add(row.row, claim);
    if (contradicted !== undefined) {
      return refuse("ROW_CONTRADICTS", say("row.otherClaim", { row: contradicted }));
    }
    return { planned: { row: row.row, code: labelOfClaim(claim, claimant), operation: claim } };
  };
}

/** A day of a cell; null for an empty one, undefined for what is none. */
function dayIn(text: string, end: "first" | "last"): string | null | undefined {
  return text === "" ? null : dayOf(text, end);
}
