import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from "node:fs";
import type { RowResult } from "./plan-row.ts";

/** The file that says what became of each row. */
export type ResultsFile = {
  /** Adds results and gives the length of the file, in bytes. */
  readonly add: (results: readonly RowResult[]) => number;
  readonly close: () => void;
};

const HEADER = "row,code,outcome,rejection,detail\n";

/** Opens a results file at a length: what an interrupted run wrote beyond it is written again. */
export function openResults(path: string, lengthBytes: number): ResultsFile {
  const file = openSync(path, lengthBytes === 0 ? "w" : "r+");
  ftruncateSync(file, lengthBytes);
  let length = lengthBytes;
  const write = (text: string): void => {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, length + at);
    length += bytes.length;
  };
  if (lengthBytes === 0) write(HEADER);
  return {
    add: (results) => {
      write(results.map(lineOf).join(""));
      return length;
    },
    close: () => {
      fsyncSync(file);
      closeSync(file);
    },
  };
}

function lineOf({ row, code, outcome, rejection, detail }: RowResult): string {
  return `${[String(row), code, outcome, rejection, detail].map(quote).join(",")}\n`;
}

/** A value as RFC 4180 has it; one that a spreadsheet would take for a formula is kept from being one. */
function quote(value: string): string {
  const safe = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
