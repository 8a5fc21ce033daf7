import { SUCCESSORS_MAX } from "@cityroot/core/limits";
import type { Day } from "@cityroot/core/state/day";
import { type Finding, findingOf } from "./finding.ts";
import type { Successor } from "./link-successors.ts";
import { isOver, type Period } from "./period.ts";
import type { Periods } from "./read-periods.ts";

/** The end of periods that have successors, or are the successors of others: it is told when all have their codes. */
export type Ending = {
  /** Several where they end on one day and one takes the place of all. */
  readonly periods: readonly Period[];
  /** None where the period only ends. */
  readonly successors: readonly Successor[];
};

/** Endings in an order in which nothing ends before all that it took the place of has ended. */
export type OrderedEndings = {
  readonly endings: readonly Ending[];
  /** Periods that an ending ends. */
  readonly ended: ReadonlySet<Period>;
  readonly findings: readonly Finding[];
};

/**
 * Orders endings. A code that is retired can be nobody's successor any more, so in a chain of successors the first has to end
 * first. What follows itself in a circle cannot be ordered, and stays as if no successors were known of it.
 */
export function orderEndings(
  { byRow }: Periods,
  successors: ReadonlyMap<Period, readonly Successor[]>,
  today: Day,
): OrderedEndings {
  const all = endingsOf(byRow, successors, today);
  const endingOf = new Map<Period, Ending>();
  for (const ending of all) for (const period of ending.periods) endingOf.set(period, ending);
  const before = new Map<Ending, number>(all.map((ending) => [ending, 0]));
  const after = new Map<Ending, Ending[]>();
  for (const ending of all) {
    const next = new Set(ending.successors.map(({ period }) => period && endingOf.get(period)));
    for (const one of next) {
      if (one === undefined) continue;
      before.set(one, before.get(one)! + 1);
      after.set(ending, [...(after.get(ending) ?? []), one]);
    }
  }
  const endings = all.filter((ending) => before.get(ending) === 0);
  for (let at = 0; at < endings.length; at++) {
    for (const next of after.get(endings[at]!) ?? []) {
      const left = before.get(next)! - 1;
      before.set(next, left);
      if (left === 0) endings.push(next);
    }
  }
  const ordered = new Set(endings);
  const circular = all.filter((ending) => !ordered.has(ending));
  return {
    endings,
    ended: new Set(endings.flatMap(({ periods }) => periods)),
    findings: circular.flatMap(({ periods }) =>
      periods.map((period) => findingOf("successor-circular", period, period.successor)),
    ),
  };
}

/** Every period that is over and has successors or is one: together where one code takes the place of several on one day. */
function endingsOf(
  byRow: ReadonlyMap<number, Period>,
  successors: ReadonlyMap<Period, readonly Successor[]>,
  today: Day,
): readonly Ending[] {
  const isSuccessor = new Set([...successors.values()].flat().map(({ period }) => period));
  const merged = new Map<string, Period[]>();
  const endings: Ending[] = [];
  for (const period of byRow.values()) {
    if (!isOver(period, today)) continue;
    const known = successors.get(period) ?? [];
    if (known.length === 0 && !isSuccessor.has(period)) continue;
    if (known.length !== 1) {
      endings.push({ periods: [period], successors: known });
      continue;
    }
    const name = `${period.until} ${known[0]!.code}`;
    const open = merged.get(name);
    if (open !== undefined && open.length < SUCCESSORS_MAX) {
      open.push(period);
      continue;
    }
    const periods = [period];
    merged.set(name, periods);
    endings.push({ periods, successors: known });
  }
  return endings;
}
