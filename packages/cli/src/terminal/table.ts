import { cutTo, padTo, widthOf } from "./text-width.ts";

/** What a table needs to know of the place where it is shown. */
export type TableStyle = {
  /** Columns of the terminal; undefined where there is none, and then nothing is cut. */
  readonly columns: number | undefined;
  readonly heading: (text: string) => string;
};

const GAP = 2;
const CUT_MIN = 8;

/** Lines of a table: a heading and rows, columns aligned. In a narrow terminal the widest columns are cut. */
export function tableLines(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  style: TableStyle,
): string[] {
  const widths = headings.map((heading, at) =>
    Math.max(widthOf(heading), ...rows.map((row) => widthOf(row[at] ?? ""))),
  );
  fitWidths(widths, style.columns);
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => padTo(cutTo(cell, widths[at]!), widths[at]!))
      .join(" ".repeat(GAP))
      .trimEnd();
  return [style.heading(line(headings)), ...rows.map(line)];
}

/** Lines of names and values, values aligned; values may have several lines. */
export function factLines(
  facts: readonly (readonly [name: string, value: string])[],
  name: (text: string) => string,
): string[] {
  const width = Math.max(0, ...facts.map(([text]) => widthOf(text)));
  return facts.flatMap(([text, value]) =>
    value
      .split("\n")
      .map((part, at) => `${at === 0 ? name(padTo(text, width)) : " ".repeat(width)}  ${part}`.trimEnd()),
  );
}

function fitWidths(widths: number[], columns: number | undefined): void {
  if (columns === undefined) return;
  for (;;) {
    const total = widths.reduce((sum, width) => sum + width + GAP, -GAP);
    const widest = widths.indexOf(Math.max(...widths));
    const excess = total - columns;
    if (excess <= 0 || widest < 0 || widths[widest]! <= CUT_MIN) return;
    const second = Math.max(CUT_MIN, ...widths.filter((_, at) => at !== widest));
    widths[widest] = Math.max(
      CUT_MIN,
      Math.min(widths[widest]! - 1, Math.max(second, widths[widest]! - excess)),
    );
  }
}
