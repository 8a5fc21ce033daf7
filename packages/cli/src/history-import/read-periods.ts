import type { Voice } from "../alias/fault-text.ts";
import type { RowResult } from "../import/plan-row.ts";
import type { TableRow } from "../import/table.ts";
import { fillText } from "../import/template.ts";
import { findDoubts } from "./find-doubts.ts";
import { type Finding, findingOf } from "./finding.ts";
import { compareFirst, compareLast, isReversed, type Period } from "./period.ts";
import { KEY_COLUMN, type Reading, type ReadPeriod, readPeriod } from "./reading.ts";

/** A table as a whole, so far as it can be told without the registry. */
export type Periods = {
  /** Those that get a code, by line. */
  readonly byRow: ReadonlyMap<number, Period>;
  /** Those of one legacy code, in order of their days. */
  readonly byValue: ReadonlyMap<string, readonly Period[]>;
  readonly byKey: ReadonlyMap<string, Period>;
  readonly byCode: ReadonlyMap<string, Period>;
  /** What is told of other rows, by line; a row that the mapping passes over is in neither. */
  readonly settled: ReadonlyMap<number, RowResult>;
  readonly findings: readonly Finding[];
};

/** Most rows of a table of codes over the years: all of it is held in memory, some 300 bytes a row. */
export const HISTORY_ROWS_MAX = 2_000_000;

/** Thrown for a table with more rows than {@link HISTORY_ROWS_MAX}. */
export class TooManyRowsError extends Error {
  override readonly name = "TooManyRowsError";
}

/** Reads all rows, tells the periods of each code apart, and finds what is doubtful. */
export async function readPeriods(
  voice: Voice,
  reading: Reading,
  columns: readonly string[],
  parts: AsyncIterable<readonly TableRow[]>,
): Promise<Periods> {
  const settled = new Map<number, RowResult>();
  const read = new Map<string, ReadPeriod[]>();
  let rows = 0;
  for await (const part of parts) {
    rows += part.length;
    if (rows > HISTORY_ROWS_MAX) throw new TooManyRowsError(`more than ${HISTORY_ROWS_MAX} rows`);
    for (const row of part) {
      const one = readPeriod(voice, reading, columns, row);
      if ("period" in one) pushTo(read, one.period.value, one.period);
      else if (one.settled !== undefined) settled.set(row.row, one.settled);
    }
  }
  const byRow = new Map<number, Period>();
  const byValue = new Map<string, readonly Period[]>();
  const byKey = new Map<string, Period>();
  const byCode = new Map<string, Period>();
  const findings: Finding[] = [];
  for (const [value, group] of read) {
    const sound = group.filter((period) => {
      const result = resultOfReversed(period);
      if (result === undefined) return true;
      settled.set(period.row, result);
      findings.push(findingOf("reversed", period));
      return false;
    });
    const kept: Period[] = [];
    for (const one of keyed(sound)) {
      const result = "first" in one ? resultOfRepeat(one) : resultOfTaken(one, byCode);
      if (result !== undefined) {
        settled.set(result.row, result);
        continue;
      }
      const period = one as Period;
      kept.push(period);
      byRow.set(period.row, period);
      byKey.set(period.key, period);
      byCode.set(period.code, period);
    }
    if (kept.length > 0) byValue.set(value, kept);
    findings.push(...findDoubts(kept));
  }
  return { byRow, byValue, byKey, byCode, settled, findings };
}

/** A row that says what another one says. */
type Repeat = { readonly repeat: ReadPeriod; readonly first: number };

/**
 * Periods of one code with their keys, in order of their days. The key is the code alone where the beginning is open, else
 * with the first day, a year where that is its first day; what begins on the same day is counted.
 */
function keyed(group: readonly ReadPeriod[]): readonly (Period | Repeat)[] {
  const ordered = [...group].sort((a, b) => compareFirst(a, b) || compareLast(a, b) || a.row - b.row);
  const counts = new Map<string, number>();
  const seen = new Map<string, number>();
  return ordered.map((read) => {
    const { value, name, from, until, row } = read;
    const said = JSON.stringify([name, from, until]);
    const first = seen.get(said);
    if (first !== undefined) return { repeat: read, first };
    seen.set(said, row);
    const stem = from === null ? value : `${value}-${from.endsWith(NEW_YEAR) ? from.slice(0, 4) : from}`;
    const count = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, count);
    const key = count > 1 ? `${stem}_${count}` : stem;
    return { ...read, key, code: fillText(read.code, { [KEY_COLUMN]: key }) };
  });
}

const NEW_YEAR = "-01-01";

function resultOfRepeat({ repeat: { row, value }, first }: Repeat): RowResult {
  const detail = `the same as row ${first}`;
  return { row, code: value, outcome: "duplicate", rejection: "ROW_REPEATED", detail };
}

function resultOfTaken({ row, code }: Period, byCode: ReadonlyMap<string, Period>): RowResult | undefined {
  const taker = byCode.get(code);
  if (taker === undefined) return undefined;
  const detail = `row ${taker.row} gets this code; put {${KEY_COLUMN}} into the code's template`;
  return { row, code, outcome: "refused", rejection: "CODE_TAKEN", detail };
}

function resultOfReversed({ row, value, from, until }: ReadPeriod): RowResult | undefined {
  if (!isReversed({ from, until })) return undefined;
  const detail = `${from} to ${until}: it ends before it begins, so no day lies in it`;
  return { row, code: value, outcome: "void", rejection: "PERIOD_REVERSED", detail };
}

function pushTo<T>(groups: Map<string, T[]>, name: string, item: T): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [item]);
  else group.push(item);
}
