import { readFileSync } from "node:fs";
import type { DivisionRow } from "@cityroot/codes/division-rows";
import { periodOfRow } from "@cityroot/codes/division-rows";
import { buildDivisionTable, type DivisionPeriod, type DivisionTable } from "@cityroot/codes/division-table";
import { csvReader } from "./import/csv-reader.ts";
import { starterFolder } from "./starter/starter-data.ts";

const COLUMNS: readonly (keyof DivisionRow)[] = ["code", "name", "from_year", "until_year", "province"];

/** The division codes of China over the years, as they come with this program; undefined where they did not. */
export function readDivisionHistory(): DivisionTable | undefined {
  const folder = starterFolder();
  if (folder === undefined) return undefined;
  const reader = csvReader(",");
  const text = readFileSync(`${folder}gbt2260-history.csv`, "utf8");
  const [, ...records] = [...reader.push(text), ...reader.end()];
  const periods: DivisionPeriod[] = [];
  for (const record of records) {
    if ("fault" in record) throw new Error(`gbt2260-history.csv: row ${record.row} cannot be read`);
    const row = Object.fromEntries(COLUMNS.map((column, at) => [column, record.fields[at] ?? ""]));
    const period = periodOfRow(row as unknown as DivisionRow);
    if (!period.ok) throw new Error(`gbt2260-history.csv: row ${record.row}: ${period.fault.expected}`);
    periods.push(period.value);
  }
  return buildDivisionTable(periods);
}
