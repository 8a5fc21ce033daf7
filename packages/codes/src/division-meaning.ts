import { type Division, divisionParent } from "./division.ts";
import type { DivisionPeriod, DivisionTable } from "./division-table.ts";

/**
 * What a division code meant in a year.
 *
 * - `in-use`: it named these, one unless the source has several for the year.
 * - `abolished`: it named something before, nothing in the year and nothing later; `last` is what it named last.
 * - `unused`: it named something before and something else later, and nothing in the year.
 * - `not-yet`: it was first used later; `first` is what it named then.
 * - `never`: no year is known in which it named anything.
 *
 * What a code is used for again is another division: nothing said of one holds for the other.
 */
export type DivisionMeaning =
  | { readonly kind: "in-use"; readonly divisions: readonly NamedDivision[] }
  | { readonly kind: "abolished"; readonly last: NamedDivision }
  | { readonly kind: "unused"; readonly last: NamedDivision; readonly next: NamedDivision }
  | { readonly kind: "not-yet"; readonly first: NamedDivision }
  | { readonly kind: "never" };

/** A division in a stretch of years, with the names of those above it as they were in one of these years. */
export type NamedDivision = {
  readonly name: string;
  /** Names from the province down, itself last; one above that the source does not have for the year is left out. */
  readonly path: readonly string[];
  /** Years in which it had this code and name, inclusive; absent where the source leaves them open. */
  readonly fromYear?: number;
  readonly untilYear?: number;
};

/** What a code meant in a year, by a table; the table's contradictions are shown, not resolved. */
export function meaningOfDivision(table: DivisionTable, code: Division, year: number): DivisionMeaning {
  const holding = table.at(code, year);
  if (holding.length > 0) {
    return { kind: "in-use", divisions: holding.map((period) => named(table, period, year)) };
  }
  // A period that ends before it begins holds in no year.
  const sound = table.periods(code).filter((period) => firstYear(period) <= lastYear(period));
  const last = latest(sound.filter((period) => lastYear(period) < year));
  const next = sound.find((period) => firstYear(period) > year);
  if (last !== undefined) {
    const past = named(table, last, lastYear(last));
    if (next === undefined) return { kind: "abolished", last: past };
    return { kind: "unused", last: past, next: named(table, next, firstYear(next)) };
  }
  return next === undefined
    ? { kind: "never" }
    : { kind: "not-yet", first: named(table, next, firstYear(next)) };
}

function named(table: DivisionTable, period: DivisionPeriod, year: number): NamedDivision {
  const { code, name, fromYear, untilYear } = period;
  const path = [name];
  for (let above = divisionParent(code); above !== undefined; above = divisionParent(above)) {
    const [holding] = table.at(above, year);
    if (holding !== undefined) path.unshift(holding.name);
  }
  return {
    name,
    path,
    ...(fromYear === undefined ? {} : { fromYear }),
    ...(untilYear === undefined ? {} : { untilYear }),
  };
}

function latest(periods: readonly DivisionPeriod[]): DivisionPeriod | undefined {
  let found: DivisionPeriod | undefined;
  for (const period of periods) {
    if (found === undefined || lastYear(period) > lastYear(found)) found = period;
  }
  return found;
}

function firstYear({ fromYear }: DivisionPeriod): number {
  return fromYear ?? Number.NEGATIVE_INFINITY;
}

function lastYear({ untilYear }: DivisionPeriod): number {
  return untilYear ?? Number.POSITIVE_INFINITY;
}
