import type { Code } from "@cityroot/codes/ma/code";
import { isBelow } from "@cityroot/codes/ma/prefix";
import type { Json } from "@cityroot/core/json";
import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import { type Operation, operationFromJson } from "@cityroot/core/operation/operation";
import type { Rejection } from "@cityroot/core/rejection";
import { checkConforms, compileRule, type Matcher } from "@cityroot/core/rule/conform";
import type { Rule } from "@cityroot/core/rule/rule";
import type { Say } from "../text/say.ts";
import { type MappedRow, mapRow } from "./map-row.ts";
import type { Mapping } from "./mapping.ts";
import type { TableFault, TableRow } from "./table.ts";
import type { Row } from "./template.ts";

/** A row that may be submitted. */
export type PlannedRow = {
  readonly row: number;
  /** What names the row in results: the code that it issues, the legacy code that it is about. */
  readonly code: string;
  readonly operation: Operation;
  /** What follows in the same transaction. */
  readonly after?: readonly Operation[];
  readonly foreseen?: Foreseen;
};

/** What is known of a row before anything is signed, and told of it when it is done. */
export type Foreseen = {
  readonly notice: Notice;
  readonly detail: string;
  /** Whether it takes the place of what stands. */
  readonly isChange: boolean;
};

/**
 * What people should know of a row that is not refused. `CHANGED`: what stood is replaced. `CONFLICT`: it contradicts what others
 * say, or what the table says elsewhere. `WITHDRAWN`: it was taken back before, and stays so.
 */
export type Notice = "CHANGED" | "CONFLICT" | "WITHDRAWN";

/** How a row ended: some of these are what kinds of rows of their own come to. */
export type Outcome =
  | "issued"
  | "claimed"
  /** What it says stood otherwise on the ledger before. */
  | "changed"
  | "succeeded"
  | "refused"
  | "free"
  /** In a dry run: it would be changed. */
  | "due"
  /** The ledger says all of it already. */
  | "stands"
  /** It says nothing of any day. */
  | "void"
  /** It was taken back before, and stays so. */
  | "withdrawn"
  | "taken"
  | "duplicate"
  /** The table has nothing there that is asked for. */
  | "skipped";

/** What became of a row, or what would. Names of refusals are the protocol's, or one of those of tables. */
export type RowResult = {
  readonly row: number;
  readonly code: string;
  readonly outcome: Outcome;
  readonly rejection: string;
  readonly detail: string;
  /** How many codes it is about; one when absent. */
  readonly codes?: number;
  readonly notice?: Notice;
};

/** A row as it is planned: to be submitted, settled without that, or undefined where the mapping passes it over. */
export type Plan = { readonly planned: PlannedRow } | { readonly refused: RowResult } | undefined;

/** What rows are judged by. */
export type Planner = (row: TableRow) => Plan;

const TABLE_FAULTS: { readonly [fault in TableFault]: string } = {
  "row-ragged": "ROW_RAGGED",
  "quote-malformed": "QUOTE_MALFORMED",
  "quote-unclosed": "QUOTE_UNCLOSED",
  "record-too-long": "RECORD_TOO_LONG",
};

type Issue = Pick<Operation & { readonly type: "issue" }, "code" | "class" | "attributes"> & {
  /** How many digits at the code's end count up; none when absent. */
  readonly serialDigits?: number;
};

/** What a planner knows beside the mapping. */
export type PlannerParameters = {
  readonly columns: readonly string[];
  /** Rules above the codes, from the root prefix down. */
  readonly rules: readonly { readonly prefix: Code; readonly rule: Rule }[];
  /** Milliseconds since 1970-01-01 UTC, for rules that end. */
  readonly now: () => number;
  readonly say: Say;
};

/** Judges rows by the mapping, the rules of form, and the rules of the prefixes above. */
export function plannerOf(mapping: Mapping, parameters: PlannerParameters): Planner {
  const { columns, rules, now, say } = parameters;
  const matchers = rules.map(({ prefix, rule }) => compileRule(rule, prefix));
  return (row) => {
    if ("fault" in row) return { refused: tableFault(say, row, columns) };
    const mapped = mapRow(mapping, row.values);
    if (mapped === undefined) return undefined;
    // Without it, the code would be the one above, which may be free.
    if (mapped.code.endsWith("/")) {
      const detail = say("row.nodeEmpty", { code: mapped.code });
      const { code } = mapped;
      return { refused: { row: row.row, code, outcome: "refused", rejection: "COLUMN_EMPTY", detail } };
    }
    const operation = issueOf(mapped);
    if (!operation.ok) {
      const refused = refusalOf(row.row, mapped.code, operation.rejection);
      const isMended = !mapping.trim && isIssue({ ...mapping, trim: true }, row.values);
      const detail = isMended ? `${refused.detail}; ${say("row.trim")}` : refused.detail;
      return { refused: { ...refused, detail } };
    }
    const issue = operation.value as Operation & { readonly type: "issue" };
    const refusal = refusalByRule(matchers, issue, now());
    if (refusal !== undefined) return { refused: refusalOf(row.row, issue.code, refusal) };
    return { planned: { row: row.row, code: issue.code, operation: issue } };
  };
}

function issueOf(mapped: MappedRow): ReturnType<typeof operationFromJson> {
  return operationFromJson({ type: "issue", ...mapped, commitments: [] } as unknown as Json);
}

/** Whether a row can be issued by a mapping: by the rules of form alone. */
function isIssue(mapping: Mapping, values: Row): boolean {
  const mapped = mapRow(mapping, values);
  return mapped !== undefined && issueOf(mapped).ok;
}

/** A row that is no row of its table. */
export function tableFault(
  say: Say,
  { row, fault, got, first }: Extract<TableRow, { readonly fault: unknown }>,
  columns: readonly string[],
): RowResult {
  // It is found again by what it begins with, unless that is or holds the number of a person.
  const code = checkNoPerson({ system: "", value: first }).ok ? first : "";
  const detail = say(`row.fault.${fault}`, { got, expected: columns.length });
  return { row, code, outcome: "refused", rejection: TABLE_FAULTS[fault], detail };
}

/** A refusal as it stands in the results. */
export function refusalOf(row: number, code: string, rejection: Rejection): RowResult {
  const { name, detail, fault } = rejection;
  const parts = [
    detail,
    fault?.expected && !detail.includes(fault.expected) && `expected ${fault.expected}`,
    fault?.got && `got ${fault.got}`,
    fault?.fix,
  ];
  const shown = parts.filter((part) => part !== undefined && part !== "" && part !== false).join("; ");
  return { row, code, outcome: "refused", rejection: name, detail: shown };
}

/**
 * What the rules say of a code. Sequence and count need the ledger's state, and roles what is signed: only the registry
 * tells these.
 */
export function refusalByRule(
  matchers: readonly Matcher[],
  issue: Issue,
  timeMs: number,
): Rejection | undefined {
  for (const matcher of matchers) {
    if (!isBelow(issue.code, matcher.prefix)) continue;
    const conforms = checkConforms(matcher, {
      code: issue.code,
      act: "issue",
      class: issue.class,
      attributes: issue.attributes,
      serialDigits: issue.serialDigits ?? 0,
      timeMs,
    });
    if (!conforms.ok) return conforms.rejection;
  }
  return undefined;
}
