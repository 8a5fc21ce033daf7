/** A pair with its score, by the rows' places in their lists. */
export type ScoredPair = { readonly left: number; readonly right: number; readonly score: number };

/** What came of the pairs. */
export type Assignment = {
  /** Each row at most once: clearly the best pair of both its rows. */
  readonly proposed: readonly ScoredPair[];
  /** What is good enough and not clearly better than others: a person has to look. */
  readonly ambiguous: readonly ScoredPair[];
};

/** Most candidates that are shown of a row of which none is clearly the best. */
export const CANDIDATES_SHOWN = 10;
/** Fewer are shown of each, but two, where so many rows are ambiguous that all would be more than anyone looks through. */
const AMBIGUOUS_MAX = 300_000;

/**
 * Chooses pairs one to one. A pair is chosen when its score is at least `scoreMin` and by `marginMin` better than every other
 * open pair of its two rows; its rows are then closed, which may make other pairs clear. Which pair is looked at first does not
 * matter: closing rows only ever takes rivals away, so what is clear once stays clear.
 *
 * `pairs` holds no pair twice; `closed` rows have found each other already and take no part.
 */
export function assign(
  pairs: readonly ScoredPair[],
  { scoreMin, marginMin }: { readonly scoreMin: number; readonly marginMin: number },
): Assignment {
  const lefts = byRow(pairs, "left");
  const rights = byRow(pairs, "right");
  const closed = { left: new Set<number>(), right: new Set<number>() };
  const isOpen = ({ left, right }: ScoredPair): boolean => !closed.left.has(left) && !closed.right.has(right);
  /** The best open pair of a row if it is better than the next by the margin. */
  const clearOf = (list: readonly ScoredPair[]): ScoredPair | undefined => {
    let best: ScoredPair | undefined;
    for (const pair of list) {
      if (!isOpen(pair)) continue;
      if (best === undefined) best = pair;
      else return best.score - pair.score >= Math.max(1, marginMin) ? best : undefined;
    }
    return best;
  };
  const proposed: ScoredPair[] = [];
  let waiting = new Set(lefts.keys());
  while (waiting.size > 0) {
    const next = new Set<number>();
    for (const left of waiting) {
      if (closed.left.has(left)) continue;
      const best = clearOf(lefts.get(left)!);
      if (best === undefined || best.score < scoreMin || clearOf(rights.get(best.right)!) !== best) continue;
      proposed.push(best);
      closed.left.add(left);
      closed.right.add(best.right);
      // Whoever had one of the two rows among his own may be clear now, and so may those who share other rows with him.
      for (const { left: other } of rights.get(best.right)!) next.add(other);
      for (const { right } of lefts.get(left)!)
        for (const { left: other } of rights.get(right)!) next.add(other);
    }
    waiting = next;
  }
  return { proposed, ambiguous: contenders(lefts, rights, { isOpen, scoreMin, marginMin }) };
}

type Rows = ReadonlyMap<number, readonly ScoredPair[]>;

/** Open pairs that come near the best open one of either of their rows, where that is good enough. */
function contenders(
  lefts: Rows,
  rights: Rows,
  {
    isOpen,
    scoreMin,
    marginMin,
  }: {
    readonly isOpen: (pair: ScoredPair) => boolean;
    readonly scoreMin: number;
    readonly marginMin: number;
  },
): readonly ScoredPair[] {
  const shown: ScoredPair[] = [];
  let rows = 0;
  for (const list of lefts.values()) if (list.some(isOpen)) rows += 1;
  const shownMax = Math.min(CANDIDATES_SHOWN, Math.max(2, Math.floor(AMBIGUOUS_MAX / Math.max(1, rows))));
  const bestOf = (list: readonly ScoredPair[]): number => list.find(isOpen)?.score ?? 0;
  for (const list of lefts.values()) {
    let count = 0;
    const best = bestOf(list);
    for (const pair of list) {
      if (!isOpen(pair)) continue;
      const least = Math.min(best, bestOf(rights.get(pair.right)!)) - marginMin;
      if (pair.score < scoreMin || pair.score <= least) continue;
      if (++count > shownMax) break;
      shown.push(pair);
    }
  }
  return shown;
}

/** Pairs by one of their rows, the best first; of equal ones the lower row of the other list. */
function byRow(pairs: readonly ScoredPair[], side: "left" | "right"): Map<number, ScoredPair[]> {
  const rows = new Map<number, ScoredPair[]>();
  for (const pair of pairs) {
    const list = rows.get(pair[side]);
    if (list === undefined) rows.set(pair[side], [pair]);
    else list.push(pair);
  }
  for (const list of rows.values()) {
    list.sort((a, b) => b.score - a.score || a.left - b.left || a.right - b.right);
  }
  return rows;
}
