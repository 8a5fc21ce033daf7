import type { RowResult } from "./plan-row.ts";
import type { ResultsFile } from "./results-file.ts";

/** Why rows were refused: each reason with how many rows, and the first of them. */
export type RefusalSummary = readonly {
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
  const note = ({ outcome, rejection, row, detail }: RowResult): void => {
    if (outcome !== "refused") return;
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
