import { IntList } from "./int-list.ts";
import { type NameToken, type TokenKind, tokensOf } from "./name-tokens.ts";
import { rarityOf } from "./rarity.ts";
import { compareText } from "./row.ts";

/** Every token of the names and places of both lists. Numbers of tokens are in the order of their texts. */
export type Vocabulary = {
  readonly texts: readonly string[];
  readonly kinds: readonly TokenKind[];
  /** How rare each is among the rows of both lists together, see {@link rarityOf}. */
  readonly weights: Int32Array;
  /** The tokens of all texts, one text behind the other, ascending within each. */
  readonly pool: Int32Array;
};

/** A text taken apart: which part of the pool its tokens are, and the sum of their weights. */
export type Tokens = { readonly from: number; readonly to: number; weight: number };

/** Makes a vocabulary: `beginRow`, then each text of the row, and so on; what they give is filled in by `finish`. */
export type VocabularyMaker = {
  readonly beginRow: () => void;
  /** A text that differs from row to row. */
  readonly addText: (text: string) => Tokens;
  /** A text that stands in many rows: taken apart once. */
  readonly addRepeated: (text: string) => Tokens;
  readonly finish: () => Vocabulary;
};

/** A token while rows are counted. */
type Counted = { readonly kind: TokenKind; readonly number: number };

/** Begins a vocabulary. */
export function vocabularyMaker(): VocabularyMaker {
  const known = new Map<string, Counted>();
  const pool = new IntList();
  const counts = new IntList();
  const lastRows = new IntList();
  const all: Tokens[] = [];
  const repeated = new Map<string, Tokens>();
  let row = 0;
  const count = ({ from, to }: Tokens): void => {
    const [items, last, rows] = [pool.items, lastRows.items, counts.items];
    for (let at = from; at < to; at++) {
      const token = items[at]!;
      if (last[token] === row) continue;
      last[token] = row;
      rows[token]! += 1;
    }
  };
  const addText = (text: string): Tokens => {
    const from = pool.size;
    for (const token of tokensOf(text)) {
      const key = keyOf(token);
      let found = known.get(key);
      if (found === undefined) {
        found = { kind: token.kind, number: known.size };
        known.set(key, found);
        counts.push(0);
        lastRows.push(0);
      }
      pool.push(found.number);
    }
    const tokens = { from, to: pool.size, weight: 0 };
    all.push(tokens);
    count(tokens);
    return tokens;
  };
  return {
    beginRow: () => {
      row += 1;
    },
    addText,
    addRepeated: (text) => {
      const before = repeated.get(text);
      if (before !== undefined) count(before);
      const tokens = before ?? addText(text);
      repeated.set(text, tokens);
      return tokens;
    },
    finish: () => numbered({ known, counts: counts.items, pool: pool.items, all, rows: row }),
  };
}

/** A word that ended in a full stop is another token than the same letters without. */
function keyOf({ text, isCut }: NameToken): string {
  return isCut === true ? `${text}.` : text;
}

/** Numbers the tokens by their texts, so that nothing depends on which came first. */
function numbered({
  known,
  counts,
  pool,
  all,
  rows,
}: {
  readonly known: ReadonlyMap<string, Counted>;
  readonly counts: Int32Array;
  readonly pool: Int32Array;
  readonly all: readonly Tokens[];
  readonly rows: number;
}): Vocabulary {
  const texts = [...known.keys()].sort(compareText);
  const weights = new Int32Array(texts.length);
  const numbers = new Int32Array(texts.length);
  for (const [number, text] of texts.entries()) {
    const first = known.get(text)!.number;
    numbers[first] = number;
    weights[number] = rarityOf(counts[first]!, rows);
  }
  const ordered = pool.map((token) => numbers[token]!);
  for (const tokens of all) {
    const part = ordered.subarray(tokens.from, tokens.to).sort();
    for (const token of part) tokens.weight += weights[token]!;
  }
  return { texts, weights, kinds: texts.map((text) => known.get(text)!.kind), pool: ordered };
}
