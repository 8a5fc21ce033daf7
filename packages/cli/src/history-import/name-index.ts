import { goesOn, type Period } from "./period.ts";
import type { Periods } from "./read-periods.ts";

/** Which periods end and begin under a name, by year. */
export type NameIndex = {
  /** Periods with the name of this one, under other codes, that begin where it ends. */
  readonly goOn: (period: Period) => readonly Period[];
  /** Periods with the name of this one, under other codes, that end where it ends or where this one begins. */
  readonly endBeside: (period: Period, end: "first" | "last") => readonly Period[];
};

/** Indexes the periods of a table that have names. */
export function nameIndex({ byRow }: Periods): NameIndex {
  const ends = new Map<string, Period[]>();
  const begins = new Map<string, Period[]>();
  for (const period of byRow.values()) {
    const { name, from, until } = period;
    if (name === "") continue;
    if (from !== null) push(begins, nameIn(name, yearOf(from)), period);
    if (until !== null) push(ends, nameIn(name, yearOf(until)), period);
  }
  return {
    goOn: (period) => {
      const { name, until, value } = period;
      if (name === "" || until === null) return [];
      return [yearOf(until), yearOf(until) + 1]
        .flatMap((year) => begins.get(nameIn(name, year)) ?? [])
        .filter((other) => other.value !== value && goesOn(period, other));
    },
    endBeside: (period, end) => {
      const { name, from, until, value } = period;
      if (name === "") return [];
      if (end === "last") {
        const ended = until === null ? [] : (ends.get(nameIn(name, yearOf(until))) ?? []);
        return ended.filter((other) => other.value !== value);
      }
      if (from === null) return [];
      return [yearOf(from) - 1, yearOf(from)]
        .flatMap((year) => ends.get(nameIn(name, year)) ?? [])
        .filter((other) => other.value !== value && goesOn(other, period));
    },
  };
}

/**
 * What a code names next as the same thing under another name; undefined where it does not go on without a gap, or several do, or where
 * the name that ends goes on under another code, or the one that begins comes from another: then the code was given to
 * something else.
 */
export function renameOf(
  { byValue }: Pick<Periods, "byValue">,
  names: NameIndex,
  period: Period,
): Period | undefined {
  const later = (byValue.get(period.value) ?? []).filter(
    (other) => other !== period && goesOn(period, other),
  );
  const [next] = later;
  if (next === undefined || later.length > 1) return undefined;
  const isGiven = names.goOn(period).length > 0 || names.endBeside(next, "first").length > 0;
  return isGiven ? undefined : next;
}

function nameIn(name: string, year: number): string {
  return `${year} ${name}`;
}

function yearOf(day: string): number {
  return Number(day.slice(0, 4));
}

function push(groups: Map<string, Period[]>, name: string, period: Period): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [period]);
  else group.push(period);
}
