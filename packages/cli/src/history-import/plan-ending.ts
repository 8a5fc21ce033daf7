import { type Operation, operationFromJson } from "@cityroot/core/operation/operation";
import type { Rejection } from "@cityroot/core/rejection";
import { retire, supersede } from "@cityroot/sdk/operation";
import { type Plan, refusalOf } from "../import/plan-row.ts";
import type { Standing } from "./find-standings.ts";
import type { Successor } from "./link-successors.ts";
import type { Ending } from "./order-endings.ts";
import { dayBeside, type Period } from "./period.ts";
import { ABOLISHED, claimJson, findClaim, type PlanContext } from "./plan-period.ts";

/** What an ending needs to know of the ledger. */
export type EndingState = {
  readonly standings: ReadonlyMap<string, Standing>;
  /** Successors' codes that are out of use: a record can no longer name them. */
  readonly retired: ReadonlySet<string>;
};

/**
 * What ends periods: their records are superseded by their successors, or retired where none are known, and each legacy code is
 * claimed to be replaced by each of them from the next day on, so that one question about it finds them. Undefined where the
 * ledger says all of it.
 */
export function planEnding(
  context: PlanContext,
  { periods, successors }: Ending,
  { standings, retired }: EndingState,
): Plan {
  const open = periods.filter(({ code }) => standings.get(code)?.record.status !== "retired");
  const { row, code } = periods[0]!;
  const operations: Operation[] = [];
  const isNameable = successors.length > 0 && successors.every((one) => !retired.has(one.code));
  if (open.length > 0 && isNameable) operations.push(...superseding(open, successors));
  else operations.push(...open.map((period) => retire({ code: period.code, reason: ABOLISHED })));
  for (const period of periods) {
    for (const successor of successors) {
      const claim = replacedBy(context, period, successor, standings.get(period.code));
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

/** The claim that a legacy code was replaced; undefined where it stands, or where the successor has the same legacy code. */
function replacedBy(
  context: PlanContext,
  { value, until }: Period,
  { code: target, period }: Successor,
  standing: Standing | undefined,
): { readonly operation: Operation } | { readonly rejection: Rejection } | undefined {
  if (period?.value === value) return undefined;
  const relation = "replaced-by" as const;
  if (findClaim(context, standing?.aliases ?? [], { relation, target }) !== undefined) return undefined;
  const from = until === null ? null : (dayBeside(until, 1) ?? null);
  const { evidence } = context;
  const claim = operationFromJson(
    claimJson(context, { value, relation, target, from, until: null, evidence }),
  );
  return claim.ok ? { operation: claim.value } : { rejection: claim.rejection };
}
