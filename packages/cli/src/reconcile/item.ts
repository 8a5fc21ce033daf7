import type { Proposal } from "@cityroot/reconcile/match";
import type { Reason } from "@cityroot/reconcile/reason";
import type { Proposals } from "./proposals-file.ts";
import { type Decision, pairId, parsePairId, type Standing } from "./step.ts";

/** How a pair, or a row without one, stands. */
export const ITEM_KINDS = ["proposed", "ambiguous", "confirmed", "refused", "unmatched"] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** A pair of a workbench as it stands now. */
export type PairItem = {
  readonly id: string;
  readonly kind: Exclude<ItemKind, "unmatched">;
  readonly left: number;
  readonly right: number;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly decision: Decision | undefined;
};

/** Everything as it stands: the best pairs first, then by the numbers of their rows. */
export type Items = {
  readonly pairs: readonly PairItem[];
  /** Rows of no open pair and no confirmed one, ascending. */
  readonly unmatched: { readonly left: readonly number[]; readonly right: readonly number[] };
};

/** Gives what some step's proposals were. */
export type ProposalsOf = (step: number) => Proposals;

/** Puts proposals and decisions together. A row that is confirmed with one is no longer proposed with another. */
export function itemsOf({ decisions, proposals: newest }: Standing, proposalsOf: ProposalsOf): Items {
  const current = proposalsOf(newest?.step ?? 0);
  const pairs: PairItem[] = [];
  const taken = { left: new Set<number>(), right: new Set<number>() };
  for (const [id, decision] of decisions) {
    const { left, right } = parsePairId(id)!;
    const { score, reasons } = judgementOf(id, decision, proposalsOf);
    pairs.push({ id, kind: decision.kind, left, right, score, reasons, decision });
    if (decision.kind !== "confirmed") continue;
    taken.left.add(left);
    taken.right.add(right);
  }
  const open = { left: new Set<number>(), right: new Set<number>() };
  for (const { left, right, kind, score, reasons } of current.proposals) {
    const id = pairId({ left, right });
    if (decisions.has(id) || taken.left.has(left) || taken.right.has(right)) continue;
    pairs.push({ id, kind, left, right, score, reasons, decision: undefined });
    open.left.add(left);
    open.right.add(right);
  }
  pairs.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right);
  const restOf = (side: "left" | "right"): readonly number[] => {
    const rows = new Set([...current.unmatched[side], ...current.proposals.map((pair) => pair[side])]);
    return [...rows].filter((row) => !open[side].has(row) && !taken[side].has(row)).sort((a, b) => a - b);
  };
  return { pairs, unmatched: { left: restOf("left"), right: restOf("right") } };
}

const indexes = new WeakMap<Proposals, Map<string, Proposal>>();

/** Score and reasons of a pair among some proposals. */
export function findProposal(proposals: Proposals, id: string): Proposal | undefined {
  let index = indexes.get(proposals);
  if (index === undefined) {
    index = new Map(proposals.proposals.map((one) => [pairId(one), one]));
    indexes.set(proposals, index);
  }
  return index.get(id);
}

/** On what a decision was made: what was proposed then, or what was judged for it. */
function judgementOf(
  id: string,
  { step }: Decision,
  proposalsOf: ProposalsOf,
): Pick<Proposal, "score" | "reasons"> {
  const { deed } = step;
  if (deed.kind !== "confirm" && deed.kind !== "refuse") return { score: 0, reasons: [] };
  return (
    deed.judged.find((one) => pairId(one) === id) ??
    findProposal(proposalsOf(deed.proposals), id) ?? { score: 0, reasons: [] }
  );
}

/** How many there are of each kind: pairs, but rows of `unmatched`. */
export function countItems({ pairs, unmatched }: Items): { readonly [kind in ItemKind]: number } {
  const counts = { proposed: 0, ambiguous: 0, confirmed: 0, refused: 0, unmatched: 0 };
  for (const { kind } of pairs) counts[kind] += 1;
  return { ...counts, unmatched: unmatched.left.length + unmatched.right.length };
}
