import type { Day } from "@cityroot/core/state/day";
import type { Successor } from "./link-successors.ts";
import { type NameIndex, nameIndex, renameOf } from "./name-index.ts";
import { compareText, isOver, type Period } from "./period.ts";
import type { Periods } from "./read-periods.ts";

/**
 * A successor that the table suggests and does not name.
 *
 * - `same-code`: the code goes on without a gap under another name, as after a change of name or rank; and neither name changes its code
 *   then, which would mean that the code was given to something else.
 * - `same-name`: another code begins under the name where this one ends, as after a change of code; and no third code ends or
 *   begins under the name then.
 */
export type Proposal = {
  readonly period: Period;
  readonly successor: Period;
  readonly reason: "same-code" | "same-name";
};

/** Proposes successors of periods that are over and have none. They are for people to judge: nothing is recorded of them. */
export function proposeSuccessors(
  periods: Periods,
  known: ReadonlyMap<Period, readonly Successor[]>,
  today: Day,
): readonly Proposal[] {
  const names = nameIndex(periods);
  const over = [...periods.byRow.values()].filter((period) => isOver(period, today) && !known.has(period));
  const proposals: Proposal[] = [];
  for (const period of over.sort((a, b) => a.row - b.row)) {
    const next = renameOf(periods, names, period);
    if (next !== undefined) proposals.push({ period, successor: next, reason: "same-code" });
    const namesake = namesakeOf(names, period);
    if (namesake !== undefined) proposals.push({ period, successor: namesake, reason: "same-name" });
  }
  return proposals;
}

/** The only other code that begins under a name where the only one ends that had it. */
function namesakeOf(names: NameIndex, period: Period): Period | undefined {
  if (names.endBeside(period, "last").length > 0) return undefined;
  const candidates = names.goOn(period);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Proposals in the order of a table's keys, for a file. */
export function byKey(a: Proposal, b: Proposal): number {
  return compareText(a.period.key, b.period.key) || compareText(a.reason, b.reason);
}
