import type { Day } from "@cityroot/core/state/day";

/**
 * A row of a table of codes over the years: what a legacy code was called, and from which day to which. Each is a thing of
 * its own and gets a code of its own: whether two are the same place is nothing that a table of names and years says.
 */
export type Period = {
  /** Line of the table, as results name it. */
  readonly row: number;
  /** The legacy code, as its system writes it. */
  readonly value: string;
  /** Its name in one language; empty where the mapping has none. */
  readonly name: string;
  /** First and last day, inclusive; null where the table leaves them open. */
  readonly from: Day | null;
  readonly until: Day | null;
  /** The legacy code and when the period begins, such as `130102-1983`: names the period however many rows are added later. */
  readonly key: string;
  /** The uniform code that it gets; whether it is one is not yet judged. */
  readonly code: string;
  /** What the table says took its place; empty where it says nothing. */
  readonly successor: string;
};

/** Compares first days: an open beginning comes before every day. */
export function compareFirst(a: Pick<Period, "from">, b: Pick<Period, "from">): number {
  return compareText(a.from ?? "", b.from ?? "");
}

/** Compares last days: an open end comes after every day. */
export function compareLast(a: Pick<Period, "until">, b: Pick<Period, "until">): number {
  return compareText(a.until ?? LAST, b.until ?? LAST);
}

const LAST = "9999-12-31~";

/** Compares texts by their code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a period ends before it begins, so that no day lies in it. */
export function isReversed({ from, until }: Pick<Period, "from" | "until">): boolean {
  return from !== null && until !== null && until < from;
}

/** Whether a day lies in a period. */
export function holdsIn({ from, until }: Pick<Period, "from" | "until">, day: Day): boolean {
  return (from === null || from <= day) && (until === null || day <= until);
}

/** Whether a period is over on a day. */
export function isOver({ until }: Pick<Period, "until">, today: Day): boolean {
  return until !== null && until < today;
}

/** The day before or after, by `step` of -1 or 1; undefined beyond the years 0001 to 9999. */
export function dayBeside(day: Day, step: -1 | 1): Day | undefined {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + step);
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? (date.toISOString().slice(0, 10) as Day) : undefined;
}

/**
 * Whether a later period goes on where an earlier one ends: on the next day, or within the year in which it ends, since
 * most tables count in whole years and let both have the year of the change.
 */
export function goesOn(earlier: Pick<Period, "until">, later: Pick<Period, "from">): boolean {
  const { until } = earlier;
  const { from } = later;
  if (until === null || from === null) return false;
  return from === dayBeside(until, 1) || from.slice(0, 4) === until.slice(0, 4);
}
