import { type CsvFault, type CsvRecord, csvReader } from "./csv-reader.ts";
import type { Row } from "./template.ts";
import { readText, type TextFacts } from "./text-encoding.ts";

/** A row below the header: its values by column, or why it cannot be read. */
export type TableRow =
  | { readonly row: number; readonly values: Row }
  | {
      readonly row: number;
      readonly fault: TableFault;
      readonly got: string;
      /** What its first field begins with, where it has fields. */
      readonly first: string;
    };
export type TableFault = CsvFault | "row-ragged";

/** A table's columns, and its rows in parts as large as asked for, the last one smaller. */
export type Table = {
  readonly columns: readonly string[];
  readonly parts: AsyncGenerator<readonly TableRow[]>;
};

/** Opens a table whose first record names its columns. Several of one name become `name (1)`, `name (2)` and so on. */
export async function openTable(path: string, facts: TextFacts, partRows: number): Promise<Table> {
  const records = recordsOf(path, facts);
  const first = await records.next();
  const header = first.done === true ? undefined : first.value;
  const named = header !== undefined && "fields" in header ? header.fields.map((name) => name.trim()) : [];
  const columns = tellApart(named);
  return { columns, parts: partsOf(records, columns, partRows) };
}

/** Columns of one name are numbered, so that whoever names one says which; again, where another has the numbered name. */
function tellApart(names: readonly string[]): readonly string[] {
  if (new Set(names).size === names.length) return names;
  const count = new Map<string, number>();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  const numbered = names.map((name) => {
    if (count.get(name) === 1) return name;
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return `${name} (${number})`;
  });
  return tellApart(numbered);
}

async function* recordsOf(path: string, facts: TextFacts): AsyncGenerator<CsvRecord, void, undefined> {
  const reader = csvReader(facts.delimiter);
  for await (const text of readText(path, facts.encoding)) yield* reader.push(text);
  yield* reader.end();
}

async function* partsOf(
  records: AsyncGenerator<CsvRecord, void, undefined>,
  columns: readonly string[],
  partRows: number,
): AsyncGenerator<readonly TableRow[]> {
  let part: TableRow[] = [];
  for await (const record of records) {
    part.push(rowOf(record, columns));
    if (part.length < partRows) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

/** Characters of a first field that are enough to find its row again. */
const FIRST_MAX = 64;

function rowOf(record: CsvRecord, columns: readonly string[]): TableRow {
  const { row } = record;
  if ("fault" in record) return { row, fault: record.fault, got: "", first: "" };
  const { fields } = record;
  if (fields.length !== columns.length) {
    return { row, fault: "row-ragged", got: String(fields.length), first: fields[0]!.slice(0, FIRST_MAX) };
  }
  // Without a prototype, so that any text is a name like any other.
  const values: { [column: string]: string } = Object.create(null);
  for (let at = 0; at < fields.length; at++) values[columns[at]!] = fields[at]!;
  return { row, values };
}
