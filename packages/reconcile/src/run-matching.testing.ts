import { type Matching, type MatchParameters, matchTables, type RowPair } from "./match.ts";

/** Runs a matching to its end. */
export function runMatching(parameters: MatchParameters): Matching {
  const steps = matchTables(parameters);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** How good a matching is, in thousandths. */
export type Quality = {
  /** Of the pairs that it proposed, how many are right. */
  readonly precision: number;
  /** Of the pairs that there are, how many it proposed. */
  readonly recall: number;
  /** Of the pairs that there are, how many it proposed or showed among several. */
  readonly shown: number;
  readonly proposed: number;
  readonly ambiguous: number;
};

/** Holds a matching against what is known to be true. */
export function qualityOf({ proposals }: Matching, truth: readonly RowPair[]): Quality {
  const isTrue = new Set(truth.map(({ left, right }) => `${left}-${right}`));
  const right = (kinds: readonly string[]): number =>
    proposals.filter((pair) => kinds.includes(pair.kind) && isTrue.has(`${pair.left}-${pair.right}`)).length;
  const proposed = proposals.filter(({ kind }) => kind === "proposed").length;
  return {
    precision: Math.floor((1000 * right(["proposed"])) / Math.max(1, proposed)),
    recall: Math.floor((1000 * right(["proposed"])) / Math.max(1, truth.length)),
    shown: Math.floor((1000 * right(["proposed", "ambiguous"])) / Math.max(1, truth.length)),
    proposed,
    ambiguous: proposals.length - proposed,
  };
}
