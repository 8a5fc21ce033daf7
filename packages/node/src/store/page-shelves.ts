import type { Database } from "lmdb";
import { readValue } from "./summed-value.ts";

/** One of the two places where pages are kept as they stood at a head. */
export type Shelf = 0 | 1;

/** Is told of every change that is made in a transaction. */
export type Put = (made: Promise<boolean>) => void;

/** Pages as they stood at a head, while later blocks change them. */
export type PageShelves = {
  /** Puts pages that are about to change onto a shelf, as they are: those that are not there yet. */
  readonly keep: (shelf: Shelf, pages: readonly number[], put: Put) => void;
  /** Takes everything from a shelf. */
  readonly clear: (shelf: Shelf, put: Put) => void;
  /** A page that is on a shelf: null where it was not there yet, undefined where it did not change since. */
  readonly read: (shelf: Shelf, page: number) => Buffer | null | undefined;
  /** Forgets what is known of the shelves: it is looked up again. */
  readonly forget: () => void;
};

/** Rows of the second shelf begin here. Keys are of 32 bits, and so is the end of a range. */
const SHELF_ROWS = 2 ** 30;
/** Stands for a page that was not there yet. */
const NO_PAGE = Buffer.of(0);

/** Two shelves in one table. Changing them is for the one process that writes it. */
export function openPageShelves(
  table: Database<Buffer, number>,
  pages: Database<Buffer, number>,
): PageShelves {
  /** Pages that are on each shelf; undefined while that was not looked up. */
  const known: (Set<number> | undefined)[] = [undefined, undefined];
  const rowsOf = (shelf: Shelf): number[] => {
    const start = shelf * SHELF_ROWS;
    return [...table.getKeys({ start, end: start + SHELF_ROWS })];
  };
  const pagesOn = (shelf: Shelf): Set<number> => {
    const there = known[shelf] ?? new Set(rowsOf(shelf).map((row) => row - shelf * SHELF_ROWS));
    known[shelf] = there;
    return there;
  };
  return {
    keep: (shelf, changing, put) => {
      const there = pagesOn(shelf);
      for (const page of changing) {
        if (there.has(page)) continue;
        there.add(page);
        put(table.put(page + shelf * SHELF_ROWS, pages.getBinary(page) ?? NO_PAGE));
      }
    },
    clear: (shelf, put) => {
      for (const row of rowsOf(shelf)) put(table.remove(row));
      known[shelf] = new Set();
    },
    read: (shelf, page) => {
      const row = page + shelf * SHELF_ROWS;
      const raw = table.getBinaryFast(row);
      if (raw === undefined) return undefined;
      return raw.length === NO_PAGE.length ? null : readValue(table, row, page, `page ${page} as it was`)!;
    },
    forget: () => {
      known.fill(undefined);
    },
  };
}
