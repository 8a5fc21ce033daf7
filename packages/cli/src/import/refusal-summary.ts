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

/** Results that tell why rows were refused. */
export type SummarisedResults = ResultsFile & {
  /** The most frequent reasons; all of them for a journal, from which a later run goes on. */
  readonly summary: (most?: number) => RefusalSummary;
};

/** Keeps the reasons for which rows are refused while results go by to their file, with those of the runs before. */
export function summarising(results: ResultsFile, before: RefusalSummary): SummarisedResults {
  const reasons = new Map(before.map((reason) => [reason.rejection, { ...reason }]));
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
    summary: (most = REASONS_MAX) => [...reasons.values()].sort((a, b) => b.count - a.count).slice(0, most),
  };
}
