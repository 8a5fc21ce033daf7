import type { Code } from "@cityroot/codes/ma/code";
import { isBelow } from "@cityroot/codes/ma/prefix";
import type { Json } from "@cityroot/core/json";
import { type Operation, operationFromJson } from "@cityroot/core/operation/operation";
import type { Rejection } from "@cityroot/core/rejection";
import { checkConforms, compileRule, type Matcher } from "@cityroot/core/rule/conform";
import type { Rule } from "@cityroot/core/rule/rule";
import { mapRow } from "./map-row.ts";
import type { Mapping } from "./mapping.ts";
import type { TableRow } from "./table.ts";

/** A row that may be issued. */
export type PlannedRow = {
  readonly row: number;
  readonly code: Code;
  readonly operation: Operation & { readonly type: "issue" };
};

/** What became of a row, or what would. Names of refusals are the protocol's, or one of those of tables. */
export type RowResult = {
  readonly row: number;
  readonly code: string;
  readonly outcome: "issued" | "refused" | "free" | "taken" | "duplicate";
  readonly rejection: string;
  readonly detail: string;
};

/** A row as far as it can be judged without the registry; undefined where the mapping passes it over. */
export type Plan = { readonly planned: PlannedRow } | { readonly refused: RowResult } | undefined;

/** What rows are judged by. */
export type Planner = (row: TableRow) => Plan;

const TABLE_FAULTS: { readonly [fault: string]: string } = {
  "row-ragged": "ROW_RAGGED",
  "quote-malformed": "QUOTE_MALFORMED",
  "quote-unclosed": "QUOTE_UNCLOSED",
  "record-too-long": "RECORD_TOO_LONG",
};

/** What a planner knows beside the mapping. */
export type PlannerParameters = {
  readonly columns: readonly string[];
  /** Rules above the codes, from the root prefix down. */
  readonly rules: readonly { readonly prefix: Code; readonly rule: Rule }[];
  /** Milliseconds since 1970-01-01 UTC, for rules that end. */
  readonly now: () => number;
};

/** Judges rows by the mapping, the rules of form, and the rules of the prefixes above. */
export function plannerOf(mapping: Mapping, parameters: PlannerParameters): Planner {
  const { columns, rules, now } = parameters;
  const matchers = rules.map(({ prefix, rule }) => compileRule(rule, prefix));
  return (row) => {
    if ("fault" in row) {
      const detail = row.fault === "row-ragged" ? `${row.got} fields, expected ${columns.length}` : row.fault;
      return {
        refused: { row: row.row, code: "", outcome: "refused", rejection: TABLE_FAULTS[row.fault]!, detail },
      };
    }
    const mapped = mapRow(mapping, row.values);
    if (mapped === undefined) return undefined;
    const json = { type: "issue", ...mapped, commitments: [] } as unknown as Json;
    const operation = operationFromJson(json);
    if (!operation.ok) return { refused: refusalOf(row.row, mapped.code, operation.rejection) };
    const issue = operation.value as PlannedRow["operation"];
    const refusal = refusalByRule(matchers, issue, now());
    if (refusal !== undefined) return { refused: refusalOf(row.row, issue.code, refusal) };
    return { planned: { row: row.row, code: issue.code, operation: issue } };
  };
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

/** Sequence and count need the ledger's state, and roles what is signed: only the registry tells these. */
function refusalByRule(
  matchers: readonly Matcher[],
  issue: PlannedRow["operation"],
  timeMs: number,
): Rejection | undefined {
  for (const matcher of matchers) {
    if (!isBelow(issue.code, matcher.prefix)) continue;
    const conforms = checkConforms(matcher, {
      code: issue.code,
      act: "issue",
      class: issue.class,
      attributes: issue.attributes,
      timeMs,
    });
    if (!conforms.ok) return conforms.rejection;
  }
  return undefined;
}
