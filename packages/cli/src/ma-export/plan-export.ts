import { type Code, partsOf } from "@cityroot/codes/ma/code";
import { attributesToJson } from "@cityroot/core/attribute/attribute";
import type { Json } from "@cityroot/core/json";
import { type Operation, operationFromJson } from "@cityroot/core/operation/operation";
import { compileRule } from "@cityroot/core/rule/conform";
import type { Rule } from "@cityroot/core/rule/rule";
import { reinstate, suspend } from "@cityroot/sdk/operation";
import { type Plan, type Planner, type RowResult, refusalByRule, refusalOf } from "../import/plan-row.ts";
import { sameJson } from "../registry/same-json.ts";
import type { Category } from "./category.ts";
import type { ExportRow } from "./export-rows.ts";
import type { Held } from "./held.ts";
import { serialDigitsOf } from "./runs.ts";
import { isUnitReason } from "./unit.ts";

/** What a planner of an export knows. */
export type PlanExportParameters = {
  readonly categories: ReadonlyMap<Code, Category>;
  /** Leaves out names and descriptions. */
  readonly withoutNames: boolean;
  /** What the ledger says of the codes of a row; undefined where they are not issued. */
  readonly heldOf: (row: number) => Held | undefined;
  /** Rules above the codes, from the root prefix down. */
  readonly rules: readonly { readonly prefix: Code; readonly rule: Rule }[];
  /** Milliseconds since 1970-01-01 UTC, for rules that end. */
  readonly now: () => number;
};

type Description = {
  readonly attributes: { readonly [name: string]: Json };
  readonly links: readonly Json[];
};

/** Relation of the link to where a scan of the code leads at the registry of MA codes. */
const TARGET_RELATION = "about";
/** Codes whose description is kept while codes of the same object follow. */
const OBJECT_NODES = 3;

/** Makes operations of the rows of an export, and judges them by the rules of form and of the prefixes above. */
export function exportPlanner(parameters: PlanExportParameters): Planner {
  const { rules, now, heldOf } = parameters;
  const matchers = rules.map(({ prefix, rule }) => compileRule(rule, prefix));
  let last: { readonly object: string; readonly description: Description } | undefined;
  const describe = (code: Code): Description => {
    const object = objectOf(code);
    if (object === code) return describeCode(parameters, code, object);
    if (last?.object !== object) last = { object, description: describeCode(parameters, code, object) };
    return last.description;
  };
  return (row) => {
    if ("fault" in row) throw new Error(`a row of an export has no fault of a table: ${row.fault}`);
    const values = row.values as unknown as ExportRow;
    if (values.skip !== undefined) return undefined;
    const { count = "1", refused, detail = "" } = values;
    const counted = { row: row.row, code: values.code, codes: Number(count) };
    if (refused !== undefined) {
      return { refused: { ...counted, outcome: "refused", rejection: refused, detail } };
    }
    const code = values.code as Code;
    const digits = count === "1" ? 0 : serialDigitsOf(code);
    const said = { class: values.class!, ...describe(code), commitments: [] };
    const json = digits === 0 ? { type: "issue", code, ...said } : rangeJson(code, digits, count, said);
    const operation = operationFromJson(json as unknown as Json);
    if (!operation.ok) return { refused: { ...refusalOf(row.row, code, operation.rejection), ...counted } };
    const issue = operation.value as Issue;
    const { class: name, attributes } = issue;
    const held = heldOf(row.row);
    if (held !== undefined) return planHeld(counted, values, issue, held);
    const refusal = refusalByRule(matchers, { code, class: name, attributes, serialDigits: digits }, now());
    if (refusal !== undefined) return { refused: { ...refusalOf(row.row, code, refusal), ...counted } };
    const planned = { row: row.row, code, operation: issue };
    if (values.reason === undefined) return { planned };
    const { reason } = values;
    return { planned: { ...planned, after: [{ type: "suspend", code, reason, item: null }] } };
  };
}

type Issue = Operation & { readonly type: "issue" | "issue-range" };

/**
 * What is to be done for codes that were issued before: nothing but to take them out of use or into it again as the unit is. The ledger
 * has the say over what they are called since.
 */
function planHeld(
  counted: Pick<RowResult, "row" | "code" | "codes">,
  { reason }: ExportRow,
  { class: name, attributes }: Issue,
  held: Held,
): Plan {
  const refuse = (rejection: string, detail: string): Plan => ({
    refused: { ...counted, outcome: "refused", rejection, detail },
  });
  if (held.status === "below")
    return refuse("CODE_TAKEN", "something below it was issued before, and it was not");
  if (held.class !== name)
    return refuse("CODE_TAKEN", `class: expected ${name}; got ${held.class}, issued before`);
  if (held.status === "retired")
    return refuse("CODE_RETIRED", "retired on the ledger, and in use in the export");
  const code = counted.code as Code;
  const { row } = counted;
  if (reason !== undefined && held.status === "active") {
    return { planned: { row, code, operation: suspend({ code, reason }) } };
  }
  if (reason === undefined && held.status === "suspended" && isUnitReason(held.reason)) {
    return { planned: { row, code, operation: reinstate({ code }) } };
  }
  const said = attributesToJson(attributes) as { readonly [name: string]: Json };
  const others = held.attributes as unknown as { readonly [name: string]: Json };
  const differing = Object.keys(said).filter(
    (of) => others[of] === undefined || !sameJson(said[of]!, others[of]!),
  );
  const detail = differing.length === 0 ? "" : `its record says something else: ${differing.join(", ")}`;
  return { refused: { ...counted, outcome: "stands", rejection: "", detail } };
}

function rangeJson(first: Code, digits: number, count: string, said: object): object {
  return { type: "issue-range", first, digits, count: Number(count), ...said };
}

/** The code up to the model; of a medical code up to the product. */
function objectOf(code: Code): string {
  const { profile, custom } = partsOf(code);
  if (custom.length === 0) return code;
  const [root = "", object = ""] = code.split("/");
  return profile === "general" ? `${root}/${object}` : code.split(".").slice(0, 5).join(".");
}

function describeCode(
  { categories, withoutNames }: PlanExportParameters,
  code: Code,
  object: string,
): Description {
  const category = categories.get(object as Code);
  const { profile, object: nodes } = partsOf(code);
  const attributes: { [name: string]: Json } = {};
  if (profile === "general" && nodes.length === OBJECT_NODES) {
    attributes["category"] = `${nodes[0]}.${nodes[1]}`;
    attributes["model"] = nodes[2]!;
  }
  if (category === undefined) return { attributes, links: [] };
  const { name, description, way, id, target } = category;
  if (!withoutNames && Object.keys(name).length > 0) attributes["name"] = name as Json;
  if (!withoutNames && description !== undefined) attributes["description"] = { zh: description };
  // The registration is that of the model, so the code of the model names it and those below do not.
  if (code === object && way !== undefined && id !== undefined) {
    attributes["legacy"] = [{ scheme: `ma-${way}`, value: id }];
  }
  return { attributes, links: target === undefined ? [] : [{ rel: TARGET_RELATION, href: target }] };
}
