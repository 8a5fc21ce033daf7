import fc from "fast-check";
import { expect, test } from "vitest";
import type { Division } from "./division.ts";
import { buildDivisionTable, type DivisionPeriod, type DivisionTable } from "./division-table.ts";

function period(
  code: string,
  name: string,
  fromYear: string,
  untilYear: string,
  province: string,
): DivisionPeriod {
  return {
    code: code as Division,
    name,
    ...(fromYear === "" ? {} : { fromYear: Number(fromYear) }),
    ...(untilYear === "" ? {} : { untilYear: Number(untilYear) }),
    province,
  };
}

/** Rows of the tables of division codes in the Chinese Wikipedia (CC BY-SA 4.0), noise included. */
const EXCERPT = `
130100,石家庄市,,,河北省
232701,加格達奇區,1981,2018,黑龙江省
232701,漠河市,2018,,黑龙江省
332600,丽水地区,,1982,浙江省
332600,台州地区,1982,1994,浙江省
330502,城区,1983,1987,浙江省
330502,吴兴区,2003,,浙江省
511403,李渡区,1995,1997,四川省
511403,彭山区,2014,,四川省
210311,郊区,1983,1982,辽宁省
460001,通什市,1988,2000,海南省
460001,五指山市,2001,2002,海南省`;

function tableOf(csv: string): DivisionTable {
  const rows = csv.trim().split("\n");
  return buildDivisionTable(
    rows.map((row) => {
      const [code = "", name = "", from = "", until = "", province = ""] = row.split(",");
      return period(code, name, from, until, province);
    }),
  );
}

function namesAt(table: DivisionTable, code: string, year: number): readonly string[] {
  return table.at(code as Division, year).map((period) => period.name);
}

test("what a code meant in a year", () => {
  const table = tableOf(EXCERPT);
  expect(namesAt(table, "130100", 1900)).toEqual(["石家庄市"]);
  expect(namesAt(table, "130100", 2026)).toEqual(["石家庄市"]);
  expect(namesAt(table, "460001", 2000)).toEqual(["通什市"]);
  expect(namesAt(table, "460001", 2001)).toEqual(["五指山市"]);
  expect(namesAt(table, "460001", 2003), "an abolished code does not answer").toEqual([]);
  expect(namesAt(table, "330502", 1990), "nor does it in a gap").toEqual([]);
  expect(namesAt(table, "232701", 2018), "both of an overlap are given").toEqual(["加格達奇區", "漠河市"]);
  expect(namesAt(table, "210311", 1983), "a reversed period holds never").toEqual([]);
  expect(namesAt(table, "999999", 2026)).toEqual([]);
});

test("all periods of a code, earliest first", () => {
  const table = tableOf(EXCERPT.trim().split("\n").reverse().join("\n"));
  const years = table.periods("332600" as Division).map(({ fromYear, untilYear }) => [fromYear, untilYear]);
  expect(years).toEqual([
    [undefined, 1982],
    [1982, 1994],
  ]);
  expect(table.periods("999999" as Division)).toEqual([]);
});

test("overlaps, gaps and reversed periods are reported by code and mended nowhere", () => {
  const findings = tableOf(EXCERPT).findings();
  expect(findings.map(({ kind, code, fromYear, untilYear }) => [kind, code, fromYear, untilYear])).toEqual([
    ["reversed", "210311", 1983, 1982],
    ["overlap", "232701", 2018, 2018],
    ["gap", "330502", 1988, 2002],
    ["overlap", "332600", 1982, 1982],
    ["gap", "511403", 1998, 2013],
  ]);
  expect(findings[1]?.periods.map(({ name }) => name)).toEqual(["加格達奇區", "漠河市"]);
});

test("open ends overlap openly, and a long period is compared with all that lie in it", () => {
  const both = buildDivisionTable([period("130100", "a", "", "", ""), period("130100", "b", "", "", "")]);
  const [open] = both.findings();
  expect(open).toMatchObject({ kind: "overlap", code: "130100" });
  expect(open).not.toHaveProperty("fromYear");
  expect(open).not.toHaveProperty("untilYear");
  const nested = buildDivisionTable([
    period("130100", "long", "1980", "2000", ""),
    period("130100", "first", "1982", "1983", ""),
    period("130100", "second", "1990", "1991", ""),
    period("130100", "after", "2001", "", ""),
  ]);
  expect(nested.findings().map(({ kind, periods }) => [kind, ...periods.map(({ name }) => name)])).toEqual([
    ["overlap", "long", "first"],
    ["overlap", "long", "second"],
  ]);
});

/** Goal: findings are exactly what the years show. Method: count holders year by year over a short span. */
test("findings agree with a look at every year", () => {
  const year = fc.option(fc.integer({ min: 2000, max: 2010 }));
  const row = fc
    .tuple(year, year)
    .map(([from, until]) => period("130100", "x", `${from ?? ""}`, `${until ?? ""}`, ""));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
      const table = buildDivisionTable(rows);
      const kinds = new Set(table.findings().map(({ kind }) => kind));
      const holders: number[] = [];
      for (let year = 1999; year <= 2011; year++) holders.push(table.at("130100" as Division, year).length);
      const held = holders.map((count) => (count > 0 ? "x" : " ")).join("");
      expect(kinds.has("overlap"), held).toBe(holders.some((count) => count > 1));
      expect(kinds.has("gap"), held).toBe(/x +x/.test(held));
      expect(kinds.has("reversed"), held).toBe(
        rows.some(({ fromYear, untilYear }) => (fromYear ?? 0) > (untilYear ?? 9999)),
      );
    }),
    { numRuns: 1000 },
  );
});
