import { readValue } from "@cityroot/codes/systems/read-value";
import { systemOf } from "@cityroot/codes/systems/systems";
import { findPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "@cityroot/core/attribute/personal-number";
import { parseMicrodegrees } from "@cityroot/reconcile/distance";
import { ROWS_MAX, type Row, type RowName } from "@cityroot/reconcile/row";
import { openTable, type TableRow } from "../import/table.ts";
import { fillText } from "../import/template.ts";
import type { TextFacts } from "../import/text-encoding.ts";
import type { ListMapping } from "./list-mapping.ts";

/** How a list is read. */
export type ListReading = {
  readonly facts: Pick<TextFacts, "encoding" | "delimiter" | "lines" | "sizeBytes">;
  readonly mapping: ListMapping;
  /** Coding system of the list's own codes, empty where it is not known. */
  readonly system: string;
  /** Only rows that hold exactly these values are taken. */
  readonly where: { readonly [column: string]: string };
};

/** What is wrong with a row. Those of `refused` are not taken; the others are, without what is wrong. */
export type RowProblem = {
  readonly row: number;
  readonly kind:
    | "unreadable"
    | "no-code"
    | "person"
    | "characters"
    | "code-doubtful"
    | "place-unread"
    | "repeated";
  readonly field: string;
  readonly expected: string;
  /** What came, never a number of a person. */
  readonly got: string;
};
export const REFUSED_KINDS: readonly RowProblem["kind"][] = ["unreadable", "no-code", "person", "characters"];

/** A list in memory. */
export type ReadList = {
  readonly rows: readonly Row[];
  readonly problems: readonly RowProblem[];
  /** Rows that `where` left out. */
  readonly skipped: number;
};

/** Thrown when a list has more rows than can be matched. */
export class TooManyRowsError extends Error {
  override readonly name = "TooManyRowsError";
}

const PART_ROWS = 1_000;
/** In place of bytes that are no text in the encoding. */
const UNREADABLE = "\ufffd";

/** Reads a list whole. `onProgress` is told after each part how many rows there are. */
export async function readList(
  path: string,
  reading: ListReading,
  onProgress: (rows: number) => void = () => {},
): Promise<ReadList> {
  const { parts } = await openTable(path, reading.facts, PART_ROWS);
  const rows: Row[] = [];
  const problems: RowProblem[] = [];
  const firstOf = new Map<string, number>();
  let skipped = 0;
  for await (const part of parts) {
    for (const one of part) {
      if (
        "values" in one &&
        !Object.entries(reading.where).every(([column, value]) => one.values[column] === value)
      ) {
        skipped += 1;
        continue;
      }
      const row = rowOf(one, reading, problems);
      if (row === undefined) continue;
      const first = firstOf.get(row.code.value);
      if (first === undefined) firstOf.set(row.code.value, row.number);
      else
        problems.push(
          problem(row.number, "repeated", { field: "code", expected: `row ${first}`, got: row.code.value }),
        );
      rows.push(row);
      if (rows.length > ROWS_MAX) throw new TooManyRowsError(`${ROWS_MAX}`);
    }
    onProgress(rows.length);
  }
  return { rows, problems, skipped };
}

function rowOf(one: TableRow, { mapping, system }: ListReading, problems: RowProblem[]): Row | undefined {
  const { row: number } = one;
  const refuse = (kind: RowProblem["kind"], what: Omit<RowProblem, "row" | "kind">): undefined => {
    problems.push(problem(number, kind, what));
    return undefined;
  };
  if ("fault" in one) return refuse("unreadable", { field: "row", expected: one.fault, got: one.got });
  const textOf = (template: string): string => (template === "" ? "" : fillText(template, one.values).trim());
  const code = { system, value: textOf(mapping.code) };
  if (code.value === "") return refuse("no-code", { field: mapping.code, expected: "", got: "" });
  const codes = Object.entries(mapping.codes).flatMap(([of, template]) => {
    const value = textOf(template);
    return value === "" ? [] : [{ system: of, value }];
  });
  const names = Object.entries(mapping.names).flatMap(([language, template]): RowName[] => {
    const text = textOf(template);
    return text === "" ? [] : [{ language, text }];
  });
  const place = textOf(mapping.place).replace(/\s+/g, " ");
  const texts = [code.value, ...codes.map(({ value }) => value), ...names.map(({ text }) => text), place];
  const broken = texts.find((text) => text.includes(UNREADABLE));
  if (broken !== undefined) return refuse("characters", { field: "row", expected: "", got: broken });
  const person =
    [code, ...codes].some(({ value }) => findPersonalNumber(value, PERSONAL_NUMBER_KINDS_IN_CODES)) ||
    [...names.map(({ text }) => text), place].some((text) => findPersonalNumber(text));
  if (person) return refuse("person", { field: "row", expected: "", got: "" });
  for (const { system: of, value } of [code, ...codes]) noteDoubt(number, of, value, problems);
  const point = pointOf(number, textOf(mapping.latitude), textOf(mapping.longitude), problems);
  return { number, code, codes, names, place, ...(point && { point }) };
}

/** A code that its system does not take is kept as it stands, and told with what was probably meant. */
function noteDoubt(row: number, system: string, value: string, problems: RowProblem[]): void {
  const coding = systemOf(system);
  if (coding === undefined) return;
  const read = readValue(coding, value);
  if (read.ok) return;
  const { meant, expected } = read.fault;
  problems.push(
    problem(row, "code-doubtful", { field: system, expected: meant ?? expected ?? "", got: value }),
  );
}

function pointOf(row: number, latitude: string, longitude: string, problems: RowProblem[]): Row["point"] {
  if (latitude === "" && longitude === "") return undefined;
  const [north, east] = [parseMicrodegrees(latitude, 90), parseMicrodegrees(longitude, 180)];
  // Nothing stands at 0, 0: it is what programs write for a place that they do not know.
  if (north !== undefined && east !== undefined && (north !== 0 || east !== 0))
    return { latitude: north, longitude: east };
  problems.push(
    problem(row, "place-unread", {
      field: "lat, lon",
      expected: "-90..90, -180..180",
      got: `${latitude}, ${longitude}`,
    }),
  );
  return undefined;
}

function problem(row: number, kind: RowProblem["kind"], what: Omit<RowProblem, "row" | "kind">): RowProblem {
  return { row, kind, ...what };
}
