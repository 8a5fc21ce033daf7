import { type Operation, operationFromJson } from "@cityroot/core/operation/operation";
import type { Rejection } from "@cityroot/core/rejection";
import type { Day } from "@cityroot/core/state/day";
import { retire, supersede, withdrawAlias } from "@cityroot/sdk/operation";
import { type Plan, refusalOf } from "../import/plan-row.ts";
import type { Standing } from "./find-standings.ts";
import type { Successor } from "./link-successors.ts";
import type { Ending } from "./order-endings.ts";
import { compareFirst, dayBeside, isOver, type Period } from "./period.ts";
import { ABOLISHED, claimJson, findClaim, type PlanContext } from "./plan-period.ts";
import type { Periods } from "./read-periods.ts";

/** What an ending needs to know of the ledger. */
export type EndingState = {
  readonly standings: ReadonlyMap<string, Standing>;
  /** Successors' codes that are out of use: a record can no longer name them. */
  readonly retired: ReadonlySet<string>;
  /** What each legacy code means over the years. */
  readonly byValue: Periods["byValue"];
};

/**
 * What ends periods: their records are superseded by their successors, or retired where none are known, and each legacy code is
 * claimed to be replaced by each of them from the next day on, until it means something else, so that one question about it finds
 * them. Undefined where the ledger says all of it.
 */
export function planEnding(
  context: PlanContext,
  { periods, successors }: Ending,
  { standings, retired, byValue }: EndingState,
): Plan {
  const open = periods.filter(({ code }) => standings.get(code)?.record.status !== "retired");
  const { row, code } = periods[0]!;
  const operations: Operation[] = [];
  const isNameable = successors.length > 0 && successors.every((one) => !retired.has(one.code));
  if (open.length > 0 && isNameable) operations.push(...superseding(open, successors));
  else operations.push(...open.map((period) => retire({ code: period.code, reason: ABOLISHED })));
  for (const period of periods) {
    for (const successor of successors) {
      const { aliases } = standings.get(period.code) ?? {};
      const claim = replacedBy(context, period, successor, { aliases, byValue });
      if (claim === undefined) continue;
      if ("rejection" in claim) return { refused: refusalOf(row, code, claim.rejection) };
      operations.push(claim.operation);
    }
  }
  const [first, ...after] = operations;
  return first === undefined ? undefined : { planned: { row, code, operation: first, after } };
}

function superseding(periods: readonly Period[], successors: readonly Successor[]): readonly Operation[] {
  const [codes, next] = [periods.map(({ code }) => code), successors.map(({ code }) => code)];
  const kind = next.length > 1 ? "split" : codes.length > 1 ? "merge" : "rename";
  return [supersede({ codes, kind, successors: next })];
}

/** What is to be claimed of a successor, or taken back; undefined where nothing is. */
function replacedBy(
  context: PlanContext,
  period: Period,
  { code: target, period: next }: Successor,
  {
    aliases = [],
    byValue,
  }: { readonly aliases?: Standing["aliases"] | undefined } & Pick<Periods, "byValue">,
): { readonly operation: Operation } | { readonly rejection: Rejection } | undefined {
  const { value } = period;
  const relation = "replaced-by" as const;
  // A successor with the same legacy code is found by what that means then.
  const days = next?.value === value ? undefined : daysBetween(period, byValue.get(value) ?? []);
  const known = findClaim(context, aliases, { relation, target });
  if (known?.standing === "withdrawn") return undefined;
  if (days === undefined) {
    if (known === undefined) return undefined;
    const { system, claimant } = context;
    return { operation: withdrawAlias({ system, value, claimant, relation, target }) };
  }
  const evidence = context.evidence ?? known?.evidence ?? null;
  const stands = known?.from === days.from && known.until === days.until && known.evidence === evidence;
  if (stands) return undefined;
  const claim = operationFromJson(claimJson(context, { value, relation, target, ...days, evidence }));
  return claim.ok ? { operation: claim.value } : { rejection: claim.rejection };
}

/**
 * From the day after a period to the day before its legacy code means something again: then, asking for the code asks for that, and what
 * took the earlier one's place is another matter. Undefined where no day lies between.
 */
function daysBetween(
  period: Period,
  group: readonly Period[],
): { readonly from: Day; readonly until: Day | null } | undefined {
  const from = period.until === null ? undefined : dayBeside(period.until, 1);
  if (from === undefined) return undefined;
  const later = group.filter((other) => other !== period && !isOver(other, from));
  const [next] = later.sort(compareFirst);
  if (next === undefined) return { from, until: null };
  if (next.from === null || next.from <= from) return undefined;
  return { from, until: dayBeside(next.from, -1)! };
}
