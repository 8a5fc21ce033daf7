import type { Database } from "lmdb";
import { StoreDamagedError } from "./store-damaged-error.ts";
import { wholeValue } from "./summed-value.ts";

/** One of the two places where pages are kept as they stood at a head. */
export type Shelf = 0 | 1;

/** What a shelf is used for: the head at this height. What an earlier use left on it counts for nothing. */
export type ShelfUse = { readonly shelf: Shelf; readonly height: number };

/** Is told of every change that is made in a transaction. */
export type Put = (made: Promise<boolean>) => void;

/** Pages as they stood at a head, while later blocks change them. */
export type PageShelves = {
  /** Puts pages that are about to change onto a shelf, as they are: those that are not there yet. */
  readonly keep: (use: ShelfUse, pages: readonly number[], put: Put) => void;
  /** A page that is on a shelf: null where it was not there yet, undefined where it did not change since. */
  readonly read: (use: ShelfUse, page: number) => Buffer | null | undefined;
  /** Forgets what is known of the shelves: it is looked up again. */
  readonly forget: () => void;
};

/** Rows of the second shelf begin here. Keys are of 32 bits. */
const SHELF_ROWS = 2 ** 31;
/** Each row begins with the height that it was put there for; a page that was not there yet has nothing behind it. */
const HEIGHT_BYTES = 8;

/** Two shelves in one table. Changing them is for the one process that writes it. */
export function openPageShelves(
  table: Database<Buffer, number>,
  pages: Database<Buffer, number>,
): PageShelves {
  /** Pages that are known to be on each shelf, for the height that it is used for. */
  const known: { height: number; pages: Set<number> }[] = [0, 1].map(() => ({
    height: -1,
    pages: new Set(),
  }));
  const rowOf = ({ shelf, height }: ShelfUse, page: number): Buffer | undefined => {
    const row = table.getBinaryFast(page + shelf * SHELF_ROWS);
    return row?.readDoubleLE(0) === height ? row : undefined;
  };
  return {
    keep: (use, changing, put) => {
      const { shelf, height } = use;
      if (known[shelf]!.height !== height) known[shelf] = { height, pages: new Set() };
      const there = known[shelf]!.pages;
      for (const page of changing) {
        if (there.has(page)) continue;
        there.add(page);
        if (rowOf(use, page) !== undefined) continue;
        const bytes = pages.getBinaryFast(page);
        // What the library gives is longer than it says.
        const length = bytes?.length ?? 0;
        const row = Buffer.allocUnsafe(HEIGHT_BYTES + length);
        row.writeDoubleLE(height);
        if (bytes !== undefined) row.set(bytes.subarray(0, length), HEIGHT_BYTES);
        put(table.put(page + shelf * SHELF_ROWS, row));
      }
    },
    read: (use, page) => {
      const row = rowOf(use, page);
      if (row === undefined) return undefined;
      if (row.length === HEIGHT_BYTES) return null;
      const bytes = wholeValue(row.subarray(HEIGHT_BYTES, row.length), page);
      if (bytes !== undefined) return bytes;
      throw new StoreDamagedError(
        `page ${page} as it was at height ${use.height} is damaged: its sum differs`,
      );
    },
    forget: () => {
      for (const one of known) one.height = -1;
    },
  };
}
