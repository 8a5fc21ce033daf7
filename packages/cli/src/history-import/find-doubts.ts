import type { Day } from "@cityroot/core/state/day";
import type { Finding } from "./finding.ts";
import { compareLast, dayBeside, type Period } from "./period.ts";

/**
 * Overlaps and gaps between the periods of one code, which are in order of their first days and none of them reversed.
 * Each is compared with the one before it that reaches furthest.
 */
export function findDoubts(periods: readonly Period[]): readonly Finding[] {
  const findings: Finding[] = [];
  let furthest: Period | undefined;
  for (const period of periods) {
    if (furthest !== undefined) findings.push(...doubtsBetween(furthest, period));
    if (furthest === undefined || compareLast(period, furthest) > 0) furthest = period;
  }
  return findings;
}

function doubtsBetween(earlier: Period, later: Period): readonly Finding[] {
  const { row, value, from } = later;
  const about = { row, other: earlier.row, value, got: "" };
  if (from === null || earlier.until === null || from <= earlier.until) {
    const until = compareLast(earlier, later) < 0 ? earlier.until : later.until;
    return [{ finding: "overlap", ...about, from, until }];
  }
  const first = dayBeside(earlier.until, 1);
  if (first === undefined || from <= first) return [];
  return [{ finding: "gap", ...about, from: first, until: dayBeside(from, -1) as Day }];
}
