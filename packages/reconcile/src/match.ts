import { assign, type ScoredPair } from "./assign.ts";
import { findByCode } from "./find-by-code.ts";
import { nameFinder } from "./find-by-name.ts";
import { placeFinder } from "./find-by-place.ts";
import { type Judge, makeJudge } from "./judge.ts";
import { type KeyIndex, keyIndexMaker } from "./key-index.ts";
import { nameKeysOf } from "./name-keys.ts";
import { type PairSet, pairSet } from "./pair-set.ts";
import { type Prepared, type PreparedRow, prepare } from "./prepared.ts";
import type { Reason } from "./reason.ts";
import type { Row } from "./row.ts";
import type { Settings } from "./settings.ts";

/** Two rows by their numbers. */
export type RowPair = { readonly left: number; readonly right: number };

/** What a matching takes. */
export type MatchParameters = {
  /** Rows with different numbers, at most ROWS_MAX. */
  readonly left: readonly Row[];
  readonly right: readonly Row[];
  readonly settings: Settings;
  /** Pairs that are decided: their rows take no part. */
  readonly confirmed?: readonly RowPair[];
  /** Pairs that were refused: they are not proposed again. */
  readonly refused?: readonly RowPair[];
};

/** A pair that may be one thing, and why. */
export type Proposal = RowPair & {
  /** `ambiguous`: another pair of one of its rows is as good, or nearly. */
  readonly kind: "proposed" | "ambiguous";
  /** From 0 to 1,000. */
  readonly score: number;
  readonly reasons: readonly Reason[];
};

/** What a matching found, in the order of the left and then the right numbers. */
export type Matching = {
  readonly proposals: readonly Proposal[];
  /** Numbers of rows for which nothing good enough was found, ascending. */
  readonly unmatched: { readonly left: readonly number[]; readonly right: readonly number[] };
  /** How many pairs were compared. */
  readonly compared: number;
};

/** How far a matching is: `done` of `total` of one of its steps, in their order. */
export type MatchProgress = {
  readonly step: "prepare" | "find" | "compare";
  readonly done: number;
  readonly total: number;
};

/** After how many pairs or rows progress is told. */
const EVERY = 1_024;

/**
 * Matches two lists: finds pairs that share something rare or lie near each other, compares them, and chooses one to one. Tells
 * how far it is between its steps, so that whoever drives it can show that, let others work, or stop. The result
 * depends on what the rows hold and on nothing else: not on their order, nor, but for the sides, on which list is which.
 */
export function* matchTables(parameters: MatchParameters): Generator<MatchProgress, Matching, undefined> {
  const { settings, confirmed = [], refused = [] } = parameters;
  const decided = {
    left: new Set(confirmed.map(({ left }) => left)),
    right: new Set(confirmed.map(({ right }) => right)),
  };
  const left = parameters.left.filter(({ number }) => !decided.left.has(number));
  const right = parameters.right.filter(({ number }) => !decided.right.has(number));
  const prepared = yield* prepareTables(left, right);
  const pairs = yield* findPairs(prepared, settings);
  const judge = makeJudge(prepared, settings);
  const barred = new Set(refused.map((pair) => `${pair.left}-${pair.right}`));
  const scored = yield* scorePairs(pairs, prepared, { judge, settings, barred });
  const { proposed, ambiguous } = assign(scored, settings);
  const proposals = [
    ...proposed.map((pair) => proposalOf("proposed", pair, prepared, judge)),
    ...ambiguous.map((pair) => proposalOf("ambiguous", pair, prepared, judge)),
  ];
  proposals.sort((a, b) => a.left - b.left || a.right - b.right);
  const found = {
    left: new Set(proposals.map((pair) => pair.left)),
    right: new Set(proposals.map((pair) => pair.right)),
  };
  const rest = (rows: readonly Row[], side: "left" | "right"): readonly number[] =>
    rows
      .map(({ number }) => number)
      .filter((number) => !found[side].has(number))
      .sort((a, b) => a - b);
  return {
    proposals,
    unmatched: { left: rest(left, "left"), right: rest(right, "right") },
    compared: pairs.length,
  };
}

/** Says of one pair how good it is and why, among the rows of both lists. */
export function judgePairs(
  { left, right, settings }: Pick<MatchParameters, "left" | "right" | "settings">,
  pairs: readonly RowPair[],
): readonly Omit<Proposal, "kind">[] {
  const steps = prepare(left, right);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const prepared = step.value;
  const judge = makeJudge(prepared, settings);
  const numbered = (rows: readonly PreparedRow[]): ReadonlyMap<number, number> =>
    new Map(rows.map(({ row }, at) => [row.number, at]));
  const [lefts, rights] = [numbered(prepared.left), numbered(prepared.right)];
  return pairs.flatMap((pair) => {
    const [a, b] = [lefts.get(pair.left), rights.get(pair.right)];
    if (a === undefined || b === undefined) return [];
    return [{ ...pair, score: judge.scoreOf(a, b), reasons: judge.reasonsOf(a, b) }];
  });
}

function* prepareTables(
  left: readonly Row[],
  right: readonly Row[],
): Generator<MatchProgress, Prepared, undefined> {
  const total = left.length + right.length;
  const steps = prepare(left, right);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    yield { step: "prepare", done: step.value, total };
  }
}

/** Pairs worth comparing, found from both sides: `left * right.length + right` of places in the prepared lists. */
function* findPairs(
  prepared: Prepared,
  { radiusMetres }: Settings,
): Generator<MatchProgress, Float64Array, undefined> {
  const { left, right, points } = prepared;
  const total = 2 * (left.length + right.length);
  const pairs: PairSet = pairSet(right.length);
  findByCode(prepared, pairs.add);
  const index = yield* indexKeys(prepared, total);
  let done = left.length + right.length;
  for (const side of ["left", "right"] as const) {
    const [own, others] = side === "left" ? [points.left, points.right] : [points.right, points.left];
    const findByName = nameFinder(index, points, side);
    const findByPlace = placeFinder(own, others, radiusMetres);
    for (let number = 0; number < own.latitudes.length; number++) {
      const found = (other: number): void =>
        side === "left" ? pairs.add(number, other) : pairs.add(other, number);
      findByName(number, found);
      findByPlace(number, found);
      if (++done % EVERY === 0) yield { step: "find", done, total };
    }
  }
  return pairs.sorted();
}

/** Indexes the keys of all rows: a step of its own, so that what it collects them in is given back before they are used. */
function* indexKeys(prepared: Prepared, total: number): Generator<MatchProgress, KeyIndex, undefined> {
  const maker = keyIndexMaker(prepared.left.length + prepared.right.length);
  let done = 0;
  for (const side of ["left", "right"] as const) {
    for (const row of prepared[side]) {
      maker.add(side, nameKeysOf(row, prepared.vocabulary));
      if (++done % EVERY === 0) yield { step: "find", done, total };
    }
  }
  return maker.finish();
}

/** Scores pairs, and keeps those that are good enough or rivals of such. */
function* scorePairs(
  pairs: Float64Array,
  { left, right }: Prepared,
  {
    judge,
    settings: { scoreMin, marginMin },
    barred,
  }: { readonly judge: Judge; readonly settings: Settings; readonly barred: ReadonlySet<string> },
): Generator<MatchProgress, readonly ScoredPair[], undefined> {
  const kept: ScoredPair[] = [];
  for (const [at, key] of pairs.entries()) {
    if (at % EVERY === 0) yield { step: "compare", done: at, total: pairs.length };
    const [a, b] = [Math.floor(key / right.length), key % right.length];
    if (barred.size > 0 && barred.has(`${left[a]!.row.number}-${right[b]!.row.number}`)) continue;
    const score = judge.scoreOf(a, b);
    if (score > 0 && score >= scoreMin - marginMin) kept.push({ left: a, right: b, score });
  }
  return kept;
}

function proposalOf(
  kind: Proposal["kind"],
  { left, right, score }: ScoredPair,
  prepared: Prepared,
  judge: Judge,
): Proposal {
  const [a, b] = [prepared.left[left]!, prepared.right[right]!];
  return { kind, left: a.row.number, right: b.row.number, score, reasons: judge.reasonsOf(left, right) };
}
