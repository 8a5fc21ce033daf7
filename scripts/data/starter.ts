// Reads data/starter.json the way a loader does, so that the check covers what a loader will meet.
import { columnsOf, fillTemplate, fillText, type Template } from "../../packages/cli/src/import/template.ts";
import { parseLines, parseTable, type Row } from "./csv.ts";

/** Whether a code is known from public sources or was made up for this project. */
export type Status = "published" | "sample";

/** A prefix that the starter registry delegates. Parents come before their children. */
export interface StarterPrefix {
  readonly code: string;
  readonly holder: { readonly en: string; readonly zh: string };
  readonly status: Status;
  readonly reason: string;
}

/** A table of `data/` and what becomes of each of its rows. */
export interface StarterSource {
  readonly file: string;
  readonly class: string;
  readonly prefix: string;
  /** Only rows that hold exactly these values are taken. */
  readonly filters?: Readonly<Record<string, string>>;
  /** Further columns: the value of `from` without the text `trimEnd` at its end, however often it stands there. */
  readonly computed?: Readonly<Record<string, { readonly from: string; readonly trimEnd: string }>>;
  readonly code: string;
  readonly attributes: { readonly [name: string]: Template };
  readonly status: Status;
  readonly reason: string;
}

/** The content of data/starter.json. */
export interface Starter {
  readonly title: string;
  readonly note: string;
  readonly prefixes: readonly StarterPrefix[];
  readonly sources: readonly StarterSource[];
}

/** A code to be issued. Attributes whose value is empty in the table are left out. */
export interface StarterRecord {
  readonly code: string;
  readonly attributes: { readonly [name: string]: Template };
}

function readColumn(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`starter.json: the table has no column ${column}`);
  return value;
}

function trimEnd(value: string, end: string): string {
  let trimmed = value;
  while (trimmed.endsWith(end)) trimmed = trimmed.slice(0, -end.length);
  return trimmed;
}

/** The codes that a source yields from the text of its table, in the order of the rows. */
export function expandSource(source: StarterSource, csv: string): StarterRecord[] {
  const header = parseLines(csv)[0] ?? [];
  const rows: Row[] = parseTable(csv, header);
  const filters = Object.entries(source.filters ?? {});
  const computed = Object.entries(source.computed ?? {});
  const known = [...header, ...computed.map(([name]) => name)];
  for (const column of [...columnsOf(source.code), ...columnsOf(source.attributes)]) {
    if (!known.includes(column)) throw new Error(`starter.json: the table has no column ${column}`);
  }
  return rows
    .filter((row) => filters.every(([column, value]) => readColumn(row, column) === value))
    .map((row) => {
      const added = computed.map(([name, rule]) => [name, trimEnd(readColumn(row, rule.from), rule.trimEnd)]);
      const wide: Row = { ...row, ...Object.fromEntries(added) };
      const attributes = (fillTemplate(source.attributes, wide) ?? {}) as StarterRecord["attributes"];
      return { code: fillText(source.code, wide), attributes };
    });
}
