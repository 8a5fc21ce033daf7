// The noise of gbt2260-history.csv, counted. The table is kept as its source has it, so nothing is mended here.
import type { Row } from "./csv.ts";
import type { COLUMNS } from "./tables.ts";

type HistoryRow = Row<(typeof COLUMNS)["gbt2260-history.csv"][number]>;

/** Counts over the periods in which the names of division codes held; both years are inclusive. */
export interface PeriodNoise {
  /** Pairs of periods of one code that share at least one year. */
  readonly overlaps: number;
  /** Pairs of successive periods of one code with at least one full year between them. */
  readonly gaps: number;
  /** Periods that end before they begin, and so hold no year. */
  readonly reversed: number;
  /** Codes with more than one period, be it a new name or a new use. */
  readonly repeated: number;
}

function firstYear(row: HistoryRow): number {
  return row.from_year === "" ? -Infinity : Number(row.from_year);
}

function lastYear(row: HistoryRow): number {
  return row.until_year === "" ? Infinity : Number(row.until_year);
}

function countOverlaps(periods: readonly HistoryRow[]): number {
  let overlaps = 0;
  for (const [index, a] of periods.entries()) {
    for (const b of periods.slice(index + 1)) {
      if (Math.max(firstYear(a), firstYear(b)) <= Math.min(lastYear(a), lastYear(b))) overlaps++;
    }
  }
  return overlaps;
}

function countGaps(periods: readonly HistoryRow[]): number {
  return periods.slice(1).filter((row, index) => firstYear(row) - lastYear(periods[index]!) > 1).length;
}

/** Counts the noise. Rows of one code must follow each other in order of time, as they do in the file. */
export function measurePeriods(rows: readonly HistoryRow[]): PeriodNoise {
  const codes = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const periods = codes.get(row.code);
    if (periods === undefined) codes.set(row.code, [row]);
    else periods.push(row);
  }
  const histories = [...codes.values()];
  const sum = (count: (periods: readonly HistoryRow[]) => number): number =>
    histories.reduce((total, periods) => total + count(periods), 0);
  return {
    overlaps: sum(countOverlaps),
    gaps: sum(countGaps),
    reversed: rows.filter((row) => firstYear(row) > lastYear(row)).length,
    repeated: histories.filter((periods) => periods.length > 1).length,
  };
}
