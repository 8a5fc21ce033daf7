import { closeSync, openSync, readSync } from "node:fs";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import type { Say } from "../text/say.ts";

/** What files begin with that people take for tables: workbooks of today, which are archives, and of before 2007. */
const WORKBOOKS: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
];

/** Refuses a file that is no text with rows: a workbook of a spreadsheet, or nothing at all. */
export function refuseNoTable({ say }: Pick<Context, "say">, path: string): void {
  const head = Buffer.alloc(4);
  const file = openSync(path, "r");
  const length = readSync(file, head);
  closeSync(file);
  const isWorkbook = WORKBOOKS.some((start) => start.every((byte, at) => head[at] === byte));
  if (length > 0 && !isWorkbook) return;
  throw new CommandFailure({
    code: isWorkbook ? "TABLE_IS_WORKBOOK" : "TABLE_EMPTY",
    exit: "usage",
    detail: say(isWorkbook ? "error.workbook" : "error.tableEmpty", { path }),
    field: "file",
    expected: say("error.table.expected"),
    got: path,
    fix: say(isWorkbook ? "error.workbook.fix" : "error.tableEmpty.fix"),
  });
}

/** What is probably wrong with a table whose columns are not those that are asked for; undefined where that does not show. */
export function headerDoubt(say: Say, columns: readonly string[]): string | undefined {
  if (columns.some((column) => column.includes("\ufffd"))) return say("error.header.encoding");
  // Columns without a name are numbered as those of one name are.
  const nameless = columns.filter((column) => /^( \(\d+\))?$/.test(column)).length;
  if (nameless > 0 && nameless >= columns.length / 2) return say("error.header.title");
  return undefined;
}
