import type { Day } from "@cityroot/core/state/day";
import type { Successor } from "./link-successors.ts";
import { nextOf } from "./link-successors.ts";
import { compareText, goesOn, isOver, type Period } from "./period.ts";
import type { Periods } from "./read-periods.ts";

/**
 * A successor that the table suggests and does not name.
 *
 * - `same-code`: the code goes on without a gap under another name, as after a change of name or rank.
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
  const ends = new Map<string, Period[]>();
  const begins = new Map<string, Period[]>();
  const over: Period[] = [];
  for (const period of periods.byRow.values()) {
    if (period.from !== null && period.name !== "") push(begins, nameIn(period, period.from), period);
    if (!isOver(period, today)) continue;
    if (period.name !== "") push(ends, nameIn(period, period.until!), period);
    if (!known.has(period)) over.push(period);
  }
  const proposals: Proposal[] = [];
  for (const period of over.sort((a, b) => a.row - b.row)) {
    const next = nextOf(periods, period);
    if (next !== undefined) proposals.push({ period, successor: next, reason: "same-code" });
    const namesake = namesakeOf(period, ends, begins);
    if (namesake !== undefined) proposals.push({ period, successor: namesake, reason: "same-name" });
  }
  return proposals;
}

/** The only other code that begins under a name where the only one ends that had it. */
function namesakeOf(
  period: Period,
  ends: ReadonlyMap<string, readonly Period[]>,
  begins: ReadonlyMap<string, readonly Period[]>,
): Period | undefined {
  const { name, until, value } = period;
  if (name === "" || until === null) return undefined;
  const year = Number(until.slice(0, 4));
  const ended = ends.get(nameIn(period, until)) ?? [];
  if (ended.some((other) => other.value !== value)) return undefined;
  const later = [year, year + 1].flatMap((one) => begins.get(`${one} ${name}`) ?? []);
  const candidates = later.filter((other) => other.value !== value && goesOn(period, other));
  return candidates.length === 1 ? candidates[0] : undefined;
}

function nameIn({ name }: Period, day: Day): string {
  return `${Number(day.slice(0, 4))} ${name}`;
}

function push(groups: Map<string, Period[]>, name: string, period: Period): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [period]);
  else group.push(period);
}

/** Proposals in the order of a table's keys, for a file. */
export function byKey(a: Proposal, b: Proposal): number {
  return compareText(a.period.key, b.period.key) || compareText(a.reason, b.reason);
}
