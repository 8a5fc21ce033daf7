/** A code of a thing in some coding system. */
export type RowCode = {
  /** Id of a coding system of `@cityroot/codes`, any other name of one, or empty where it is not known. */
  readonly system: string;
  readonly value: string;
};

/** A name of a thing; `language` is a tag such as `zh`, or empty where it is not known. */
export type RowName = { readonly language: string; readonly text: string };

/** A place on earth in millionths of a degree of WGS 84, whole numbers. */
export type Point = { readonly latitude: number; readonly longitude: number };

/** A row of one of two lists that are matched: a thing, as one department has it. */
export type Row = {
  /** Names the row within its list, no other row has it: as a spreadsheet counts, the header being 1. */
  readonly number: number;
  /** The list's own code of the thing. */
  readonly code: RowCode;
  /** Codes that the list knows of it in other systems. */
  readonly codes: readonly RowCode[];
  readonly names: readonly RowName[];
  /** The division or other place that it lies in: its name, names of several levels, or its code; empty where unknown. */
  readonly place: string;
  readonly point?: Point;
};

/** Most rows of one list: what fits into memory with room to spare. */
export const ROWS_MAX = 1_000_000;
/** Most names of a row that are compared; further ones are passed over. */
export const NAMES_MAX = 8;
/** Most further codes of a row that are compared. */
export const CODES_MAX = 16;
/** Longest text of a name, a place or a code that is compared, in UTF-16 code units; the rest is passed over. */
export const TEXT_CHARACTERS_MAX = 256;

/** Order of UTF-16 code units: the same on every machine and in every locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
