import { closeSync, constants, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { readable } from "../terminal/readable.ts";
import type { RowResult } from "./plan-row.ts";

/** The file that says what became of each row. */
export type ResultsFile = {
  /** Adds results and gives the length of the file, in bytes. */
  readonly add: (results: readonly RowResult[]) => number;
  readonly close: () => void;
};

/** The columns of a results file, and what a result has in them. */
export type ResultsForm = {
  readonly columns: readonly string[];
  readonly fieldsOf: (result: RowResult) => readonly string[];
};

const ROWS: ResultsForm = {
  columns: ["row", "code", "outcome", "rejection", "detail"],
  fieldsOf: ({ row, code, outcome, rejection, detail }) => [String(row), code, outcome, rejection, detail],
};

/** Opens a results file at a length: what an interrupted run wrote beyond it is written again. */
export function openResults(path: string, lengthBytes: number, form: ResultsForm = ROWS): ResultsFile {
  // A folder from a stranger may hold a link of this name to a file of one's own.
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const file = openSync(path, flags, 0o644);
  ftruncateSync(file, lengthBytes);
  let length = lengthBytes;
  const write = (text: string): void => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, length + at);
    length += bytes.length;
  };
  // Without the mark, a spreadsheet takes Chinese for the encoding of its country.
  if (lengthBytes === 0) write(`\ufeff${form.columns.join(",")}\n`);
  return {
    add: (results) => {
      const lines = results.map((result) => form.fieldsOf({ ...result, detail: readable(result.detail) }));
      write(lines.map((fields) => `${fields.map(quote).join(",")}\n`).join(""));
      return length;
    },
    close: () => {
      fsyncSync(file);
      closeSync(file);
    },
  };
}

/** A value as RFC 4180 has it; one that a spreadsheet would take for a formula is kept from being one. */
function quote(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
