import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RowResult } from "./plan-row.ts";
import { summarising } from "./refusal-summary.ts";
import { openResults } from "./results-file.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/cityroot-results-`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const refused = (row: number, rejection: string, detail = "why"): RowResult => ({
  ...{ row, code: "=1+2", outcome: "refused", rejection, detail },
});

test("why rows were refused is told with the first of each, the most frequent first", () => {
  const results = summarising(openResults(join(folder, "a.csv"), 0), []);
  results.add([refused(2, "RULE_SHAPE", "node 4")]);
  results.add([refused(3, "VALUE_MALFORMED", "check"), refused(4, "VALUE_MALFORMED", "form")]);
  expect(results.summary()).toEqual([
    { rejection: "VALUE_MALFORMED", count: 2, row: 3, detail: "check" },
    { rejection: "RULE_SHAPE", count: 1, row: 2, detail: "node 4" },
  ]);
  expect(results.summary(1)).toHaveLength(1);
  results.close();
  // A later run that goes on counts on.
  const later = summarising(openResults(join(folder, "later.csv"), 0), results.summary());
  later.add([refused(9, "RULE_SHAPE"), { ...refused(10, ""), outcome: "claimed", notice: "CONFLICT" }]);
  expect(later.summary().map(({ rejection, count, row }) => [rejection, count, row])).toEqual([
    ["VALUE_MALFORMED", 2, 3],
    ["RULE_SHAPE", 2, 2],
    ["CONFLICT", 1, 10],
  ]);
  later.close();
  // No spreadsheet takes a value for a formula.
  expect(readFileSync(join(folder, "a.csv"), "utf8")).toContain("2,'=1+2,refused,RULE_SHAPE");
});

test("a link of its name to another file is not followed", () => {
  const precious = join(folder, "precious");
  writeFileSync(precious, "precious");
  symlinkSync(precious, join(folder, "b.csv"));
  expect(() => openResults(join(folder, "b.csv"), 0)).toThrow(/ELOOP/);
  expect(readFileSync(precious, "utf8")).toBe("precious");
});

test("a file is gone on with at a length, and what was beyond is written again", () => {
  const path = join(folder, "c.csv");
  const first = openResults(path, 0);
  const length = first.add([refused(2, "A")]);
  first.add([refused(3, "B")]);
  first.close();
  const second = openResults(path, length);
  second.add([refused(3, "C")]);
  second.close();
  expect(readFileSync(path, "utf8").trim().split("\n").slice(1)).toEqual([
    "2,'=1+2,refused,A,why",
    "3,'=1+2,refused,C,why",
  ]);
});
