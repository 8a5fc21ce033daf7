import type { RowResult } from "./plan-row.ts";
import type { ResultsFile } from "./results-file.ts";

/** Why rows were refused, and what else people should know of rows: each with how many rows, and the first of them. */
export type RefusalSummary = readonly {
  /** The refusal, or what is told of rows that were not refused. */
  readonly rejection: string;
  readonly count: number;
  readonly row: number;
  readonly detail: string;
}[];

/** Most reasons that are told: a table has few. */
const REASONS_MAX = 5;

/** Keeps the reasons for which rows are refused while results go by to their file. */
export function summarising(results: ResultsFile): ResultsFile & { readonly summary: () => RefusalSummary } {
  const reasons = new Map<string, { rejection: string; count: number; row: number; detail: string }>();
  const note = ({ outcome, rejection: refusal, notice, row, detail }: RowResult): void => {
    const rejection = outcome === "refused" || outcome === "taken" ? refusal : notice;
    if (rejection === undefined) return;
    const known = reasons.get(rejection);
    if (known !== undefined) known.count += 1;
    else reasons.set(rejection, { rejection, count: 1, row, detail });
  };
  return {
    ...results,
    add: (all) => {
      for (const result of all) note(result);
      return results.add(all);
    },
    summary: () => [...reasons.values()].sort((a, b) => b.count - a.count).slice(0, REASONS_MAX),
  };
}
