import fc from "fast-check";
import { expect, test } from "vitest";
import type { Division } from "./division.ts";
import { meaningOfDivision } from "./division-meaning.ts";
import { buildDivisionTable, type DivisionPeriod } from "./division-table.ts";

const period = (code: string, name: string, fromYear?: number, untilYear?: number): DivisionPeriod => ({
  ...{ code: code as Division, name, province: "河北省" },
  ...(fromYear === undefined ? {} : { fromYear }),
  ...(untilYear === undefined ? {} : { untilYear }),
});

const TABLE = buildDivisionTable([
  period("130000", "河北省"),
  period("130100", "石家庄市"),
  period("130102", "长安区"),
  period("130199", "旧县", 1980, 1990),
  period("130198", "一县", undefined, 1985),
  // The code is used again, for another place.
  period("130198", "二区", 1995),
  period("130197", "甲县", 1980, 1990),
  period("130197", "乙县", 1988, 2000),
  period("130196", "反县", 2000, 1990),
  period("139900", "远市", 2030),
]);
const ask = (code: string, year: number) => meaningOfDivision(TABLE, code as Division, year);

test("a division in use is named with those above it", () => {
  expect(ask("130102", 2026)).toEqual({
    kind: "in-use",
    divisions: [{ name: "长安区", path: ["河北省", "石家庄市", "长安区"] }],
  });
});

test("an abolished code answers what it meant then, and today that it is abolished", () => {
  const old = { name: "旧县", path: ["河北省", "石家庄市", "旧县"], fromYear: 1980, untilYear: 1990 };
  expect(ask("130199", 1985)).toEqual({ kind: "in-use", divisions: [old] });
  expect(ask("130199", 2026)).toEqual({ kind: "abolished", last: old });
  expect(ask("130199", 1979)).toEqual({ kind: "not-yet", first: old });
});

test("a code that was used again never mixes the two", () => {
  expect(ask("130198", 1985)).toMatchObject({ kind: "in-use", divisions: [{ name: "一县" }] });
  expect(ask("130198", 1990)).toMatchObject({
    kind: "unused",
    last: { name: "一县" },
    next: { name: "二区" },
  });
  expect(ask("130198", 2026)).toMatchObject({ kind: "in-use", divisions: [{ name: "二区" }] });
});

test("a contradiction of the source is shown", () => {
  expect(ask("130197", 1989)).toMatchObject({
    kind: "in-use",
    divisions: [{ name: "甲县" }, { name: "乙县" }],
  });
  expect(ask("130197", 2026)).toMatchObject({ kind: "abolished", last: { name: "乙县" } });
  expect(ask("130196", 1995)).toEqual({ kind: "never" });
});

test("a code that never was says so in every year", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 2100 }), (year) => {
      expect(ask("999999", year)).toEqual({ kind: "never" });
    }),
  );
});

test("what is said of a year is what the periods say, by another way of looking", () => {
  const years = fc.option(fc.integer({ min: 1980, max: 1990 }), { nil: undefined });
  const periods = fc.array(fc.tuple(years, years), { maxLength: 4 });
  fc.assert(
    fc.property(periods, fc.integer({ min: 1978, max: 1992 }), (spans, year) => {
      const rows = spans.map(([from, until], at) => period("130102", `n${at}`, from, until));
      const meaning = meaningOfDivision(buildDivisionTable(rows), "130102" as Division, year);
      const isIn = ({ fromYear = 0, untilYear = 9999 }: DivisionPeriod, at: number): boolean =>
        fromYear <= at && at <= untilYear;
      const everyYear = Array.from({ length: 10_000 }, (_, at) => at);
      const wasBefore = everyYear.some((at) => at < year && rows.some((row) => isIn(row, at)));
      const isLater = everyYear.some((at) => at > year && rows.some((row) => isIn(row, at)));
      const expected = rows.some((row) => isIn(row, year))
        ? "in-use"
        : wasBefore
          ? isLater
            ? "unused"
            : "abolished"
          : isLater
            ? "not-yet"
            : "never";
      expect(meaning.kind).toBe(expected);
    }),
    { numRuns: 60 },
  );
});
