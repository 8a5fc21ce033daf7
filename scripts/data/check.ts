// Verifies what is committed in data/ and prints a table of findings: node scripts/data/check.ts
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compareText, formatTable, parseTable, type Row } from "./csv.ts";
import { measurePeriods } from "./periods.ts";
import { expandSource, type Starter } from "./starter.ts";
import { COLUMNS, DATA_FOLDER, type TableName } from "./tables.ts";

/** One property of a file: what the notes in data/README.md state, and what the file holds. */
export interface Finding {
  readonly file: string;
  readonly property: string;
  readonly expected: string | number;
  readonly found: string | number;
}

/** SHA-256 of the history table as it was handed to the project: it is never edited. */
const HISTORY_DIGEST = "791e5819aa0e2b34377e7e0730bc6f5317cf1624d4b5d6bb5ff8818e8f8cb029";

/** A code as this starter registry uses them: root of 2 to 4 nodes, then object and custom part. */
const CODE = /^MA\.\d{3}(\.[0-9A-Za-z]+){0,2}(\/\d{2}\.\d{8}\.[0-9A-Za-z]+\/[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$/;

function readText(folder: string, file: string): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(join(folder, file)));
}

/** How many values differ from each other. */
function countDistinct(values: readonly string[]): number {
  return new Set(values).size;
}

/** Properties that every table has. A text that is no UTF-8 or has another header does not get here. */
function checkTable(folder: string, file: TableName, rowsExpected: number): Finding[] {
  const text = readText(folder, file);
  const columns: readonly string[] = COLUMNS[file];
  const rows = parseTable(text, columns);
  const keys = rows.map((row) => row[columns[0]!]!);
  const unsorted = keys.filter((key, index) => index > 0 && compareText(keys[index - 1]!, key) > 0);
  const untidy = rows
    .flatMap((row) => Object.values(row))
    .filter((value) => value !== value.normalize("NFC"));
  return [
    { file, property: "rows", expected: rowsExpected, found: rows.length },
    {
      file,
      property: "starts with a byte order mark",
      expected: "no",
      found: /^\ufeff/.test(text) ? "yes" : "no",
    },
    { file, property: "rows out of order", expected: 0, found: unsorted.length },
    { file, property: "values not in Unicode form NFC", expected: 0, found: untidy.length },
    {
      file,
      property: "written as the program writes",
      expected: "yes",
      found: formatTable(columns, rows) === text ? "yes" : "no",
    },
  ];
}

function checkHistory(folder: string): Finding[] {
  const file = "gbt2260-history.csv";
  const rows = parseTable(readText(folder, file), COLUMNS[file]);
  const current = rows.filter((row) => row.until_year === "");
  const years = rows.flatMap((row) => [row.from_year, row.until_year]).filter((year) => year !== "");
  const currentCodes = new Set(current.map((row) => row.code));
  const orphans = current.filter(({ code }) => !currentCodes.has(`${code.slice(0, 2)}0000`));
  const noise = measurePeriods(rows);
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, file)))
    .digest("hex");
  const counted: readonly (readonly [string, number, number])[] = [
    ["codes", 6885, countDistinct(rows.map((row) => row.code))],
    ["codes that are not six digits", 0, rows.filter((row) => !/^\d{6}$/.test(row.code)).length],
    ["current rows", 3514, current.length],
    ["current codes", 3514, currentCodes.size],
    ["current codes without current province", 0, orphans.length],
    ["current rows without from_year", 482, current.filter((row) => row.from_year === "").length],
    ["newest year", 2025, Math.max(...years.map(Number))],
    ["noise: overlapping pairs of periods", 19, noise.overlaps],
    ["noise: gaps between periods", 10, noise.gaps],
    ["noise: periods that end before they begin", 14, noise.reversed],
    ["codes with more than one period", 252, noise.repeated],
    ["rows named 市辖区", 297, rows.filter((row) => row.name === "市辖区").length],
    ["current rows named 市辖区", 292, current.filter((row) => row.name === "市辖区").length],
    ["rows named 县", 4, rows.filter((row) => row.name === "县").length],
  ];
  return [
    { file, property: "SHA-256", expected: HISTORY_DIGEST.slice(0, 16), found: digest.slice(0, 16) },
    ...counted.map(([property, expected, found]) => ({ file, property, expected, found })),
  ];
}

/** How the two tables of divisions disagree: over which codes there are, and what they name. */
function checkDivisions(folder: string): Finding[] {
  const [own, other] = ["statistical-divisions.csv", "gbt2260-divisions.csv"] as const;
  const statistical = parseTable(readText(folder, own), COLUMNS[own]);
  const names = new Map(
    parseTable(readText(folder, other), COLUMNS[other]).map((row) => [row.code, row.name]),
  );
  const short = (code12: string): string => code12.slice(0, 6);
  const shared = statistical.filter(({ code12 }) => names.has(short(code12)));
  const counted: readonly (readonly [string, number, number])[] = [
    ["codes", 3348, countDistinct(statistical.map(({ code12 }) => code12))],
    [
      "codes that do not end in 000000",
      0,
      statistical.filter(({ code12 }) => !/^\d{6}0{6}$/.test(code12)).length,
    ],
    ["first six digits that the other table has", 3333, shared.length],
    [
      "of these with another name there",
      8,
      shared.filter((row) => names.get(short(row.code12)) !== row.name).length,
    ],
  ];
  return counted.map(([property, expected, found]) => ({ file: own, property, expected, found }));
}

function checkCommittees(folder: string): Finding[] {
  const file = "shijiazhuang-committees.csv";
  const rows = parseTable(readText(folder, file), COLUMNS[file]);
  const history = "gbt2260-history.csv";
  const current = parseTable(readText(folder, history), COLUMNS[history]).filter(
    (row) => row.until_year === "",
  );
  const divisions = new Map(current.map((row) => [row.code, row.name]));
  const foreign = rows.filter((row) => divisions.get(row.county_code6) !== row.county_name);
  const broken = rows.filter(
    ({ code12, street_code9, county_code6 }) =>
      !/^1301\d{8}$/.test(code12) ||
      !code12.startsWith(street_code9) ||
      !street_code9.startsWith(county_code6),
  );
  const counties = countDistinct(rows.map((row) => row.county_code6));
  const zones = [...new Set(foreign.map((row) => row.county_code6))].join(" ");
  return [
    { file, property: "codes", expected: 5152, found: countDistinct(rows.map((row) => row.code12)) },
    { file, property: "codes that do not nest", expected: 0, found: broken.length },
    { file, property: "streets", expected: 280, found: countDistinct(rows.map((row) => row.street_code9)) },
    { file, property: "counties", expected: 24, found: counties },
    { file, property: "counties not in GB/T 2260 by that name", expected: "130171 130172", found: zones },
    { file, property: "committees in those", expected: 64, found: foreign.length },
  ];
}

function checkDepartments(folder: string): Finding[] {
  const file = "shijiazhuang-departments.csv";
  const codes = parseTable(readText(folder, file), COLUMNS[file]).map((row) => row.code);
  return [{ file, property: "codes", expected: "MA.156.1301.01 MA.156.1301.02", found: codes.join(" ") }];
}

function isInBerlin(row: Row<"latitude" | "longitude">): boolean {
  if (![row.latitude, row.longitude].every((degrees) => /^\d+\.\d{1,6}$/.test(degrees))) return false;
  const [latitude, longitude] = [Number(row.latitude), Number(row.longitude)];
  return latitude > 52.33 && latitude < 52.68 && longitude > 13.08 && longitude < 13.77;
}

function checkStops(folder: string): Finding[] {
  const file = "berlin-stops.csv";
  const rows = parseTable(readText(folder, file), COLUMNS[file]);
  const lastSegments = rows.map((row) => row.ifopt.slice(row.ifopt.lastIndexOf(":") + 1));
  const mismatched = rows.filter(({ ifopt, vbb_id }) => ifopt.split(":")[2] !== vbb_id);
  const counted: readonly (readonly [string, number, number])[] = [
    ["ifopt values", 7978, countDistinct(rows.map((row) => row.ifopt))],
    ["ifopt not de:11000:<vbb_id>…", 0, mismatched.length],
    ["whole stops (de:11000:<vbb_id>)", 497, rows.filter((row) => row.serial === row.vbb_id).length],
    ["stop numbers (vbb_id)", 2970, countDistinct(rows.map((row) => row.vbb_id))],
    ["last ifopt segments, too few for serials", 524, countDistinct(lastSegments)],
    ["serials", 7978, countDistinct(rows.map((row) => row.serial))],
    ["serials with a letter", 1, rows.filter((row) => !/^\d+(\.\d+)?$/.test(row.serial)).length],
    ["coordinates outside Berlin or finer than 6 decimals", 0, rows.filter((row) => !isInBerlin(row)).length],
    [
      "noise: names with double or outer spaces",
      12,
      rows.filter((row) => /^ | {2}| $/.test(row.name)).length,
    ],
  ];
  return counted.map(([property, expected, found]) => ({ file, property, expected, found }));
}

/** Codes that each source of the starter registry yields. */
const YIELDS: Readonly<Record<string, number>> = {
  division: 3514,
  department: 2,
  committee: 5152,
  "transit-stop": 7978,
};

function checkStarter(folder: string): Finding[] {
  const file = "starter.json";
  const starter = JSON.parse(readText(folder, file)) as Starter;
  const prefixes = starter.prefixes.map((prefix) => prefix.code);
  const early = prefixes.filter((code, index) => {
    const parent = code.slice(0, code.lastIndexOf("."));
    return parent !== "MA" && !prefixes.slice(0, index).includes(parent);
  });
  const findings: Finding[] = [
    { file, property: "prefixes", expected: 7, found: prefixes.length },
    { file, property: "prefixes before their parent", expected: 0, found: early.length },
  ];
  const codes: string[] = [];
  for (const source of starter.sources) {
    const records = expandSource(source, readText(folder, source.file));
    const outside = records.filter(
      ({ code }) =>
        !CODE.test(code) || !(code.startsWith(`${source.prefix}.`) || code.startsWith(`${source.prefix}/`)),
    );
    codes.push(...records.map((record) => record.code));
    findings.push(
      {
        file,
        property: `codes of ${source.class}`,
        expected: YIELDS[source.class] ?? 0,
        found: records.length,
      },
      {
        file,
        property: `codes of ${source.class} not below ${source.prefix}`,
        expected: 0,
        found: outside.length,
      },
      {
        file,
        property: `prefix of ${source.class} is delegated`,
        expected: "yes",
        found: prefixes.includes(source.prefix) ? "yes" : "no",
      },
    );
  }
  findings.push(
    { file, property: "codes", expected: 16646, found: codes.length },
    { file, property: "different codes", expected: 16646, found: countDistinct(codes) },
    {
      file,
      property: "codes that are prefixes too",
      expected: 3,
      found: codes.filter((code) => prefixes.includes(code)).length,
    },
  );
  return findings;
}

/** Everything that is known about the files in `folder`. A finding is good where expected and found agree. */
export function checkData(folder: string): Finding[] {
  return [
    ...checkTable(folder, "gbt2260-history.csv", 7141),
    ...checkHistory(folder),
    ...checkTable(folder, "gbt2260-divisions.csv", 3682),
    ...checkTable(folder, "statistical-divisions.csv", 3348),
    ...checkDivisions(folder),
    ...checkTable(folder, "shijiazhuang-committees.csv", 5152),
    ...checkCommittees(folder),
    ...checkTable(folder, "shijiazhuang-departments.csv", 2),
    ...checkDepartments(folder),
    ...checkTable(folder, "berlin-stops.csv", 7978),
    ...checkStops(folder),
    ...checkStarter(folder),
  ];
}

/** Width on a terminal, where a Chinese character takes two columns. */
function padText(text: string, width: number): string {
  const wide = text.match(/[\u3000-\u9fff]/g)?.length ?? 0;
  return text + " ".repeat(Math.max(0, width - text.length - wide));
}

function main(): void {
  const findings = checkData(DATA_FOLDER);
  for (const { file, property, expected, found } of findings) {
    const verdict = found === expected ? "ok  " : "FAIL";
    const wanted = found === expected ? "" : `  expected ${expected}`;
    console.log(`${verdict} ${padText(file, 29)} ${padText(property, 53)} ${found}${wanted}`);
  }
  const failures = findings.filter(({ expected, found }) => expected !== found).length;
  console.log(`${findings.length} findings, ${failures} not as stated in data/README.md`);
  if (failures > 0) process.exitCode = 1;
}

if (import.meta.main) main();
