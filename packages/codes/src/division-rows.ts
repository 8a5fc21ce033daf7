import { parseDivision } from "./division.ts";
import type { DivisionPeriod } from "./division-table.ts";
import { fault, type Parsed, parsed, refused } from "./fault.ts";

/** A row of a table of divisions, by the names of its columns: all texts, empty where a year is open. */
export type DivisionRow = {
  readonly code: string;
  readonly name: string;
  readonly from_year: string;
  readonly until_year: string;
  readonly province: string;
};

const YEAR = /^[0-9]{4}$/;

/** Reads a row: a division code, a name, and two years of four digits or nothing. Nothing is mended. */
export function periodOfRow(row: DivisionRow): Parsed<DivisionPeriod> {
  const { name, province } = row;
  const code = parseDivision(row.code);
  if (!code.ok) return code;
  if (name === "") return refused(fault({ field: "name", expected: "a name", got: name }));
  for (const field of ["from_year", "until_year"] as const) {
    if (row[field] !== "" && !YEAR.test(row[field])) {
      return refused(fault({ field, expected: "a year of four digits, or nothing", got: row[field] }));
    }
  }
  return parsed({
    ...{ code: code.value, name, province },
    ...(row.from_year === "" ? {} : { fromYear: Number(row.from_year) }),
    ...(row.until_year === "" ? {} : { untilYear: Number(row.until_year) }),
  });
}
