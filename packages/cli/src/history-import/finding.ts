import type { Day } from "@cityroot/core/state/day";
import type { Period } from "./period.ts";

/**
 * What is doubtful in a table of codes over the years.
 *
 * - `overlap`: two periods of one code have these days in common. Both are imported: asked about these days, the code is in
 *   conflict, as it is in the table.
 * - `gap`: the code names nothing on these days, between two periods. It was used again for something else, or a row is missing.
 * - `reversed`: the period ends before it begins, so no day lies in it, and nothing is imported.
 * - `successor-unknown`: the table has no code, or no period of the code, that could be the successor which the row names.
 * - `successor-unclear`: several could be.
 * - `successor-of-current`: the row names a successor and does not end.
 * - `successor-circular`: following successors leads back to the row.
 */
export const FINDINGS = [
  "overlap",
  "gap",
  "reversed",
  "successor-unknown",
  "successor-unclear",
  "successor-of-current",
  "successor-circular",
] as const;
export type FindingName = (typeof FINDINGS)[number];

/** Something doubtful, with the rows that it is about. */
export type Finding = {
  readonly finding: FindingName;
  readonly row: number;
  /** The earlier of two rows. */
  readonly other: number | undefined;
  readonly value: string;
  /** First and last day that it is about. */
  readonly from: Day | null;
  readonly until: Day | null;
  /** What the row says, where that is the matter. */
  readonly got: string;
};

/** A finding about one period. */
export function findingOf(
  finding: FindingName,
  period: Pick<Period, "row" | "value" | "from" | "until">,
  got = "",
): Finding {
  const { row, value, from, until } = period;
  return { finding, row, other: undefined, value, from, until, got };
}
