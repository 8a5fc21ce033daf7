import fc from "fast-check";
import { expect, test } from "vitest";
import { csvReader, RECORD_CHARACTERS_MAX } from "./csv-reader.ts";

/** Reads a text in pieces of a length, and gives fields or the name of the fault. */
function read(text: string, pieceLength = 7, delimiter = ","): (readonly string[] | string)[] {
  const reader = csvReader(delimiter);
  const records = [];
  for (let at = 0; at < text.length; at += pieceLength)
    records.push(...reader.push(text.slice(at, at + pieceLength)));
  records.push(...reader.end());
  return records.map((record) => ("fault" in record ? record.fault : record.fields));
}

/**
 * Goal: every table that can be written is read as it was, wherever the pieces end.
 * Method: random fields of the characters that matter, written with all quotes, read in pieces of 1 to 9.
 */
test("reads what was written, whatever the pieces", () => {
  const field = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", "路", " "), maxLength: 6 });
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(
      table,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom("\n", "\r\n", "\r"),
      (rows, piece, end) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => row.map(quoted).join(",") + end).join("");
        expect(read(text, piece)).toEqual(rows);
      },
    ),
    { numRuns: 500 },
  );
});

test("takes ragged rows as they are", () => {
  expect(read("a,b\n1,2,3\n4\n5,6")).toEqual([["a", "b"], ["1", "2", "3"], ["4"], ["5", "6"]]);
});

test("takes quotes within a field that has none around it as they are", () => {
  expect(read('a,6" pipe\nb,c\n')).toEqual([
    ["a", '6" pipe'],
    ["b", "c"],
  ]);
});

test("passes over empty lines", () => {
  expect(read("a,b\n\n\r\n1,2\n\n")).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

test("reads on at the next line after text behind a closing quote", () => {
  expect(read('"bad"x,3\n7,8\n')).toEqual(["quote-malformed", ["7", "8"]]);
});

test("reads on at the next line after a quote that is never closed", () => {
  expect(read('1,2\n"never,3\n4,5\n6,7\n')).toEqual([["1", "2"], "quote-unclosed", ["4", "5"], ["6", "7"]]);
});

test("bounds a record, in quotes and without, and reads on after it", () => {
  const long = "x".repeat(RECORD_CHARACTERS_MAX + 10);
  for (const piece of [1_000, 100_000, 1_000_000]) {
    expect(read(`${long},1\n4,5\n`, piece), `pieces of ${piece}`).toEqual(["record-too-long", ["4", "5"]]);
    expect(read(`4,5\n"${long}\n6,7\n8,9\n`, piece).at(-1), `pieces of ${piece}`).toEqual(["8", "9"]);
  }
});

test("keeps no more than a record in memory however long the line", () => {
  const reader = csvReader(",");
  const piece = "y".repeat(100_000);
  const records = Array.from({ length: 100 }, () => reader.push(piece)).flat();
  expect(records.map((record) => ("fault" in record ? record.fault : "read"))).toEqual(["record-too-long"]);
  expect(reader.push("\n1,2\n")).toEqual([{ row: 2, fields: ["1", "2"] }]);
});

test("counts each line once, whatever was wrong with those before it", () => {
  const long = "x".repeat(RECORD_CHARACTERS_MAX + 10);
  const text = `a,b\n\n"bad"x,3\r\n1,2\r\n\r\n${long}\r\n3,4\n\n5,6\n"never,7\n8,9\n`;
  for (const piece of [997, 1_000, 1_000_000]) {
    const reader = csvReader(",");
    const records = [];
    for (let at = 0; at < text.length; at += piece) records.push(...reader.push(text.slice(at, at + piece)));
    records.push(...reader.end());
    const told = records.map((record) => [record.row, "fault" in record ? record.fault : record.fields[0]]);
    expect(told, `pieces of ${piece}`).toEqual([
      ...[
        [1, "a"],
        [3, "quote-malformed"],
        [4, "1"],
        [6, "record-too-long"],
        [7, "3"],
        [9, "5"],
      ],
      ...[
        [10, "quote-unclosed"],
        [11, "8"],
      ],
    ]);
  }
});

test("counts rows with the header as the first", () => {
  const reader = csvReader(";");
  expect(reader.push("a;b\n1;2\n").map(({ row }) => row)).toEqual([1, 2]);
  // Empty lines are rows of a spreadsheet, too.
  expect(reader.push("\r\n\n3;4\r\n").map(({ row }) => row)).toEqual([5]);
});
