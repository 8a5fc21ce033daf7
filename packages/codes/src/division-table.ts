import type { Division } from "./division.ts";

/** One name of a division code and the years in which it held. */
export type DivisionPeriod = {
  readonly code: Division;
  readonly name: string;
  /** First year, inclusive; absent: since before the records. */
  readonly fromYear?: number;
  /** Last year, inclusive; absent: still holds. */
  readonly untilYear?: number;
  /** Name of the province, as the source gives it. */
  readonly province: string;
};

/**
 * What is doubtful in the periods of one code. Years are inclusive.
 *
 * - `overlap`: both periods claim the years. One shared year is usual for a change within that year, since the
 *   sources count in whole years.
 * - `gap`: neither holds in the years between; the code was abolished and later used again, or a row is missing.
 * - `reversed`: the only period given ends before it begins, so it holds in no year.
 */
export type DivisionFinding = {
  readonly kind: "overlap" | "gap" | "reversed";
  readonly code: Division;
  readonly fromYear?: number;
  readonly untilYear?: number;
  readonly periods: readonly DivisionPeriod[];
};

/** Division codes over the years, as a source lists them: nothing is added, dropped or mended. */
export type DivisionTable = {
  /** The periods of the code that hold in the year: none, one, or several where the source overlaps. */
  at(code: Division, year: number): readonly DivisionPeriod[];
  /** All periods of the code, earliest first; those of equal beginning in the order of the source. */
  periods(code: Division): readonly DivisionPeriod[];
  /** All findings, by code, then by year. */
  findings(): readonly DivisionFinding[];
};

/** Makes a table of rows in any order. */
export function buildDivisionTable(rows: Iterable<DivisionPeriod>): DivisionTable {
  const byCode = new Map<Division, DivisionPeriod[]>();
  for (const row of rows) {
    const periods = byCode.get(row.code);
    if (periods === undefined) byCode.set(row.code, [row]);
    else periods.push(row);
  }
  for (const periods of byCode.values()) periods.sort((a, b) => compareYears(firstYear(a), firstYear(b)));
  return {
    at: (code, year) => (byCode.get(code) ?? []).filter((period) => holdsIn(period, year)),
    periods: (code) => byCode.get(code) ?? [],
    findings: () => [...byCode.keys()].sort(compareText).flatMap((code) => findingsOf(byCode.get(code)!)),
  };
}

function holdsIn(period: DivisionPeriod, year: number): boolean {
  return firstYear(period) <= year && year <= lastYear(period);
}

function firstYear(period: DivisionPeriod): number {
  return period.fromYear ?? Number.NEGATIVE_INFINITY;
}

function lastYear(period: DivisionPeriod): number {
  return period.untilYear ?? Number.POSITIVE_INFINITY;
}

/** Not a difference, which is no number for two open beginnings. */
function compareYears(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares each period with the one before it that reaches furthest. */
function findingsOf(periods: readonly DivisionPeriod[]): DivisionFinding[] {
  const findings: DivisionFinding[] = [];
  let furthest: DivisionPeriod | undefined;
  for (const period of periods) {
    if (lastYear(period) < firstYear(period)) {
      findings.push(finding("reversed", period.fromYear, period.untilYear, [period]));
      continue;
    }
    if (furthest !== undefined) {
      const reach = lastYear(furthest);
      if (firstYear(period) <= reach) {
        const until = reach < lastYear(period) ? furthest.untilYear : period.untilYear;
        findings.push(finding("overlap", period.fromYear, until, [furthest, period]));
      } else if (firstYear(period) > reach + 1) {
        findings.push(finding("gap", reach + 1, firstYear(period) - 1, [furthest, period]));
      }
    }
    if (furthest === undefined || lastYear(period) > lastYear(furthest)) furthest = period;
  }
  return findings;
}

function finding(
  kind: DivisionFinding["kind"],
  fromYear: number | undefined,
  untilYear: number | undefined,
  periods: readonly DivisionPeriod[],
): DivisionFinding {
  return {
    kind,
    code: periods[0]!.code,
    ...(fromYear === undefined ? {} : { fromYear }),
    ...(untilYear === undefined ? {} : { untilYear }),
    periods,
  };
}
