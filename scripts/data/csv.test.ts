import fc from "fast-check";
import { expect, test } from "vitest";
import { formatTable, parseLines, parseTable } from "./csv.ts";

const COLUMNS = ["code", "name"] as const;

test("reads back what it wrote", () => {
  const rows = fc.array(fc.record({ code: fc.string({ unit: "binary" }), name: fc.string() }));
  fc.assert(
    fc.property(rows, (table) => {
      expect(parseTable(formatTable(COLUMNS, table), COLUMNS)).toEqual(table);
    }),
  );
});

test("quotes only what needs it", () => {
  const rows = [{ code: "a b", name: 'c,"d"' }];
  expect(formatTable(COLUMNS, rows)).toBe('code,name\na b,"c,""d"""\n');
});

const REFUSED = [
  ["no final line feed", "code,name\na,b"],
  ["carriage return", "code,name\r\na,b\r\n"],
  ["stray quote", 'code,name\na,b"\n'],
  ["text after a quoted field", 'code,name\n"a"x,b\n'],
  ["quote never closed", 'code,name\n"a,b\n'],
  ["another header", "name,code\na,b\n"],
  ["row too short", "code,name\na\n"],
] as const;

test.each(REFUSED)("refuses %s", (_, text) => {
  expect(() => parseTable(text, COLUMNS)).toThrow(/^CSV: /);
});

test("keeps empty fields", () => {
  expect(parseLines(",\n\n")).toEqual([["", ""], [""]]);
});
