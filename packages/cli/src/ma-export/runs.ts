import type { Code } from "@cityroot/codes/ma/code";

/** A code in its row. `alone`: it may not be part of a range. */
export type CodeRow = { readonly row: number; readonly code: Code; readonly alone: boolean };

/** A code, or a range of `count` codes whose last digits count up from it. */
export type Run = { readonly row: number; readonly code: Code; readonly count: number };

/** Fewest codes that become a range. */
export const RUN_CODES_MIN = 10;
/** Most digits that a range counts in. */
const DIGITS_MAX = 15;

/** Puts codes that count up, one in each row after the other, together. Holds no more than ten of them. */
export type RunMaker = {
  /** The runs that end before this code. */
  readonly push: (row: CodeRow) => readonly Run[];
  readonly end: () => readonly Run[];
};

/** How many digits at a code's end may count up. */
export function serialDigitsOf(code: Code): number {
  let digits = 0;
  while (digits < DIGITS_MAX && isDigit(code.charCodeAt(code.length - 1 - digits))) digits += 1;
  return digits;
}

/** A maker of runs. */
export function runMaker(): RunMaker {
  let held: CodeRow[] = [];
  let count = 0;
  let next = "";
  let lastRow = 0;
  const take = (): readonly Run[] => {
    const first = held[0];
    const runs: readonly Run[] =
      first === undefined
        ? []
        : count >= RUN_CODES_MIN
          ? [{ row: first.row, code: first.code, count }]
          : held.map(({ row, code }) => ({ row, code, count: 1 }));
    held = [];
    count = 0;
    return runs;
  };
  return {
    push: (row) => {
      const goesOn = count > 0 && row.code === next && row.row === lastRow + 1 && !row.alone;
      const runs = goesOn ? [] : take();
      if (held.length < RUN_CODES_MIN) held.push(row);
      count += 1;
      lastRow = row.row;
      next = row.alone ? "" : codeAfter(row.code);
      return runs;
    },
    end: take,
  };
}

/** The code whose last digits are higher by one; the empty text where there is none of the same length. */
function codeAfter(code: Code): string {
  const digits = serialDigitsOf(code);
  if (digits === 0) return "";
  const serial = String(Number(code.slice(-digits)) + 1);
  return serial.length > digits ? "" : code.slice(0, -digits) + serial.padStart(digits, "0");
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
