/** A record of a table: its fields, or why it cannot be read. Records are counted from 1, the header included. */
export type CsvRecord =
  | { readonly row: number; readonly fields: readonly string[] }
  | { readonly row: number; readonly fault: CsvFault };

/** Why a record cannot be read: only that record is left out, what follows is read on. */
export type CsvFault = "quote-malformed" | "quote-unclosed" | "record-too-long";

/** Reads a table piece by piece. */
export type CsvReader = {
  /** The records that end in this piece. */
  readonly push: (text: string) => readonly CsvRecord[];
  /** The record that the end of the table ends. */
  readonly end: () => readonly CsvRecord[];
};

/** Longest record, in UTF-16 code units: what is longer is no row of a table, most likely a quote never closed. */
export const RECORD_CHARACTERS_MAX = 262_144;

/** A record that was found, or that more text is needed to find its end. */
type Found =
  | { readonly end: number; readonly fields: readonly string[] }
  /** `isOpen`: its line goes on in a later piece, which is passed over up to the line's end. */
  | { readonly end: number; readonly fault: CsvFault; readonly isOpen: boolean }
  | undefined;

/**
 * Reads RFC 4180 and what spreadsheets make of it: any of the three line ends, quotes within unquoted fields as they
 * are, empty lines passed over. One bad record is one fault: the reader finds its way back at the next line.
 */
export function csvReader(delimiter: string): CsvReader {
  let rest = "";
  let row = 0;
  let isPassing = false;
  /** What follows is the line end of a record that was passed over. */
  let endsPassed = false;
  const take = (text: string, isEnd: boolean): readonly CsvRecord[] => {
    rest = rest === "" ? text : rest + text;
    if (isPassing) {
      const end = rest.search(/[\r\n]/);
      rest = end < 0 ? "" : rest.slice(end);
      isPassing = end < 0;
      endsPassed = !isPassing;
    }
    const records: CsvRecord[] = [];
    const scan = { text: rest, delimiter, isEnd, quoteAt: UNKNOWN, feedAt: UNKNOWN, returnAt: UNKNOWN };
    let at = 0;
    while (at < rest.length) {
      const found = findRecord(scan, at);
      if (found === undefined) break;
      at = found.end;
      if ("fault" in found) {
        records.push({ row: ++row, fault: found.fault });
        isPassing = found.isOpen;
      }
      if ("fields" in found) {
        const isEmpty = found.fields.length === 1 && found.fields[0] === "";
        // An empty line is no record, and a row of the spreadsheet all the same.
        if (!(isEmpty && endsPassed)) row += 1;
        if (!isEmpty) records.push({ row, fields: found.fields });
        endsPassed = false;
      }
    }
    rest = rest.slice(at);
    return records;
  };
  return { push: (text) => take(text, false), end: () => take("", true) };
}

/** A piece of text, and where the next quote and line ends are: looked for once, not for each record. */
type Scan = {
  readonly text: string;
  readonly delimiter: string;
  readonly isEnd: boolean;
  quoteAt: number;
  feedAt: number;
  returnAt: number;
};

/** No such character from here to the end of the text. */
const NONE = -1;
/** Not looked for yet. */
const UNKNOWN = -2;

function findRecord(scan: Scan, from: number): Found {
  const { text, delimiter } = scan;
  scan.quoteAt = nextOf(text, '"', scan.quoteAt, from);
  const line = findLineEnd(scan, from);
  const lineEnd = line?.at ?? text.length;
  if (scan.quoteAt === NONE || scan.quoteAt >= lineEnd) {
    if (lineEnd - from > RECORD_CHARACTERS_MAX) return spoiled(scan, line, "record-too-long");
    if (line === undefined) return undefined;
    return { end: line.next, fields: text.slice(from, line.at).split(delimiter) };
  }
  return findQuotedRecord(scan, from, line);
}

type LineEnd = { readonly at: number; readonly next: number };

/** The end of a line from `from` on; undefined where the text does not hold it yet. */
function findLineEnd(scan: Scan, from: number): LineEnd | undefined {
  const { text, isEnd } = scan;
  scan.returnAt = nextOf(text, "\r", scan.returnAt, from);
  scan.feedAt = nextOf(text, "\n", scan.feedAt, from);
  const { returnAt, feedAt } = scan;
  if (returnAt >= 0 && (feedAt < 0 || returnAt < feedAt)) {
    // A return at the very end may have its line feed in the next piece.
    if (returnAt + 1 === text.length && !isEnd) return undefined;
    return { at: returnAt, next: text[returnAt + 1] === "\n" ? returnAt + 2 : returnAt + 1 };
  }
  if (feedAt >= 0) return { at: feedAt, next: feedAt + 1 };
  return isEnd ? { at: text.length, next: text.length } : undefined;
}

/** Where a character is next, from what was known before: each part of the text is searched once. */
function nextOf(text: string, character: string, known: number, from: number): number {
  return known === NONE || known >= from ? known : orNone(text.indexOf(character, from));
}

function orNone(at: number): number {
  return at < 0 ? NONE : at;
}

/** A record that cannot be read: what follows its first line is read on. */
function spoiled({ text, isEnd }: Scan, line: LineEnd | undefined, fault: CsvFault): Found {
  return { end: line?.next ?? text.length, fault, isOpen: line === undefined && !isEnd };
}

/** A record with quotes, field by field. */
function findQuotedRecord(scan: Scan, from: number, line: LineEnd | undefined): Found {
  const { text, delimiter, isEnd } = scan;
  const fields: string[] = [];
  let at = from;
  for (;;) {
    if (text[at] !== '"') {
      const end = endOfBare(scan, at);
      if (end === undefined) return tooLong(scan, from, line);
      fields.push(text.slice(at, end.at));
      if (!end.isDelimiter) return { end: end.next, fields };
      at = end.next;
      continue;
    }
    const close = closingQuote(text, at + 1);
    if (close < 0) {
      if (!isEnd && text.length - from <= RECORD_CHARACTERS_MAX) return undefined;
      return spoiled(scan, line, "quote-unclosed");
    }
    if (close + 1 >= text.length && !isEnd) return tooLong(scan, from, line);
    fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
    const after = text[close + 1];
    if (after === delimiter) {
      at = close + 2;
      continue;
    }
    const end = findLineEnd(scan, close + 1);
    if (end === undefined) return tooLong(scan, from, line);
    if (end.at !== close + 1) return spoiled(scan, end, "quote-malformed");
    return { end: end.next, fields };
  }
}

/** More text is needed, unless there is too much already. */
function tooLong(scan: Scan, from: number, line: LineEnd | undefined): Found {
  return scan.text.length - from > RECORD_CHARACTERS_MAX ? spoiled(scan, line, "record-too-long") : undefined;
}

function endOfBare(
  scan: Scan,
  from: number,
): { readonly at: number; readonly next: number; readonly isDelimiter: boolean } | undefined {
  const { text, delimiter } = scan;
  const line = findLineEnd(scan, from);
  const split = text.indexOf(delimiter, from);
  if (split >= 0 && split < (line?.at ?? text.length))
    return { at: split, next: split + 1, isDelimiter: true };
  return line === undefined ? undefined : { ...line, isDelimiter: false };
}

/** Index of the quote that closes a field, past doubled ones; -1 where the text does not hold it. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}
