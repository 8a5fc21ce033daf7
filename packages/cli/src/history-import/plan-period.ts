import type { Code } from "@cityroot/codes/ma/code";
import { attributesToJson } from "@cityroot/core/attribute/attribute";
import type { Json } from "@cityroot/core/json";
import { type Operation, operationFromJson } from "@cityroot/core/operation/operation";
import type { Matcher } from "@cityroot/core/rule/conform";
import type { ResolvedAlias } from "@cityroot/sdk/find-aliases";
import { retire } from "@cityroot/sdk/operation";
import type { MappedRow } from "../import/map-row.ts";
import { type Plan, refusalByRule, refusalOf } from "../import/plan-row.ts";
import { sameJson } from "../registry/same-json.ts";
import type { Standing } from "./find-standings.ts";
import type { Period } from "./period.ts";

/** What every period of a table is planned by. */
export type PlanContext = {
  readonly system: string;
  /** The prefix that claims what the legacy codes meant. */
  readonly claimant: string;
  /** SHA-256 of what the claims rest on, in hexadecimal; null where nothing was said, and then that of a claim that stands stays. */
  readonly evidence: string | null;
  /** Rules of the prefixes above. */
  readonly matchers: readonly Matcher[];
  /** Milliseconds since 1970-01-01 UTC, for rules that end. */
  readonly now: () => number;
};

/** Reason of a record whose thing is no more and has no successor that is known. */
export const ABOLISHED = "abolished";

type Issue = Operation & { readonly type: "issue" };

/**
 * What a period's row becomes: its code, the claim that the legacy code meant it from the first to the last day, and the end
 * of its use where `ends`. Of what the ledger holds already, only what differs.
 */
export function planPeriod(
  context: PlanContext,
  period: Period,
  mapped: MappedRow,
  { standing, ends }: { readonly standing: Standing | undefined; readonly ends: boolean },
): Plan {
  const { row, code } = period;
  const json = { type: "issue", ...mapped, code, commitments: [] } as unknown as Json;
  const issued = operationFromJson(json);
  if (!issued.ok) return { refused: refusalOf(row, code, issued.rejection) };
  const issue = issued.value as Issue;
  const end = ends ? [retire({ code, reason: ABOLISHED })] : [];
  const claimed = claimOperation(context, period, standing?.aliases ?? []);
  if (claimed !== undefined && !claimed.ok) return { refused: refusalOf(row, code, claimed.rejection) };
  const claim = claimed === undefined ? [] : [claimed.value];
  if (standing === undefined) {
    const refusal = refusalByRule(context.matchers, issue, context.now());
    if (refusal !== undefined) return { refused: refusalOf(row, code, refusal) };
    return { planned: { row, code, operation: issue, after: [...claim, ...end] } };
  }
  const conflict = conflictOf(period, issue, standing);
  if (conflict !== undefined) return { refused: { row, code, outcome: "refused", ...conflict } };
  const [first, ...after] = [...claim, ...(standing.record.status === "retired" ? [] : end)];
  if (first === undefined) {
    return { refused: { row, code, outcome: "stands", rejection: "", detail: "" } };
  }
  return { planned: { row, code, operation: first, after } };
}

/** Why what the ledger holds under a code cannot be what the row says. */
function conflictOf(
  { until }: Period,
  issue: Issue,
  { record }: Standing,
): { readonly rejection: string; readonly detail: string } | undefined {
  const attributes = attributesToJson(issue.attributes) as Json;
  if (record.class !== issue.class || !sameJson(record.attributes as unknown as Json, attributes)) {
    const detail = `issued already, and its record says something else: ${JSON.stringify(record.attributes)}`;
    return { rejection: "CODE_TAKEN", detail };
  }
  if (record.status === "retired" && until === null) {
    return { rejection: "CODE_RETIRED", detail: "retired on the ledger, and in use in the table" };
  }
  return undefined;
}

/** The claim that the legacy code meant the period; undefined where it stands, or was withdrawn, which is for people to undo. */
function claimOperation(
  context: PlanContext,
  { value, code, from, until }: Period,
  aliases: readonly ResolvedAlias[],
): ReturnType<typeof operationFromJson> | undefined {
  const known = findClaim(context, aliases, { relation: "same-as", target: code });
  const evidence = context.evidence ?? known?.evidence ?? null;
  if (known !== undefined) {
    const stands = known.from === from && known.until === until && known.evidence === evidence;
    if (stands || known.standing === "withdrawn") return undefined;
  }
  return operationFromJson(
    claimJson(context, { value, relation: "same-as", target: code, from, until, evidence }),
  );
}

/** What a claim says, beside who says it. */
export type ClaimFields = Pick<ResolvedAlias, "value" | "relation" | "from" | "until" | "evidence"> & {
  readonly target: string;
};

/** A claim in the JSON form of its operation. */
export function claimJson({ system, claimant }: PlanContext, fields: ClaimFields): Json {
  return { type: "claim-alias", system, claimant, ...fields, item: null };
}

/** The claim of the import's claimant that says this, if it was ever made. */
export function findClaim(
  { claimant }: PlanContext,
  aliases: readonly ResolvedAlias[],
  { relation, target }: { readonly relation: ResolvedAlias["relation"]; readonly target: string },
): ResolvedAlias | undefined {
  return aliases.find(
    (alias) =>
      alias.claimant === claimant && alias.relation === relation && alias.target === (target as Code),
  );
}
