// RFC 4180 as the files in data/ use it: UTF-8, LF, a header line, quotes only where they are needed.

/** One row, by column name. */
export type Row<C extends string = string> = Readonly<Record<C, string>>;

interface Field {
  readonly value: string;
  /** Offset of the comma, the line feed or the end of text behind the field. */
  readonly end: number;
}

function readQuoted(text: string, start: number): Field {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) throw new Error(`CSV: the quote at offset ${start} is never closed`);
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    from = quote + 2;
  }
}

function readBare(text: string, start: number): Field {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") end++;
  const value = text.slice(start, end);
  if (/["\r]/.test(value)) throw new Error(`CSV: stray quote or carriage return at offset ${start}`);
  return { value, end };
}

/** Fields of every line. Refuses carriage returns, stray quotes and a last line without line feed. */
export function parseLines(text: string): string[][] {
  if (!text.endsWith("\n")) throw new Error("CSV: the last line has no line feed");
  const lines: string[][] = [];
  let line: string[] = [];
  for (let at = 0; at < text.length; ) {
    const field = text[at] === '"' ? readQuoted(text, at) : readBare(text, at);
    line.push(field.value);
    const next = text[field.end];
    if (next !== "," && next !== "\n") throw new Error(`CSV: unexpected text at offset ${field.end}`);
    at = field.end + 1;
    if (next === "\n") {
      lines.push(line);
      line = [];
    } else if (text[at] === undefined) {
      throw new Error("CSV: the text ends after a comma");
    }
  }
  return lines;
}

/** Rows below the header line. Refuses a header other than `columns` and rows of another width. */
export function parseTable<C extends string>(text: string, columns: readonly C[]): Row<C>[] {
  const [header, ...lines] = parseLines(text);
  if (header?.join() !== columns.join()) {
    throw new Error(`CSV: expected the header ${columns.join()}, found ${header?.join() ?? "nothing"}`);
  }
  return lines.map((line, index) => {
    if (line.length !== columns.length) {
      throw new Error(`CSV: row ${index + 1} has ${line.length} fields, expected ${columns.length}`);
    }
    return Object.fromEntries(columns.map((column, at) => [column, line[at]])) as Row<C>;
  });
}

/** The table as text: header line, then the rows as given, each ended by a line feed. */
export function formatTable<C extends string>(columns: readonly C[], rows: readonly Row<C>[]): string {
  const quote = (value: string): string =>
    /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((line) => `${line.map(quote).join()}\n`).join("");
}

/** Order of UTF-16 code units: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
