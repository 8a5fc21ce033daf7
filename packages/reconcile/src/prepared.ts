import { readValue } from "@cityroot/codes/systems/read-value";
import { systemOf } from "@cityroot/codes/systems/systems";
import { foldName } from "./name-tokens.ts";
import { CODES_MAX, compareText, NAMES_MAX, type Row, type RowCode, TEXT_CHARACTERS_MAX } from "./row.ts";
import { type Tokens, type Vocabulary, type VocabularyMaker, vocabularyMaker } from "./vocabulary.ts";

/** A code as it is compared: one object for each that stands in either list. */
export type KnownCode = {
  readonly system: string;
  /** Canonical where the system is known and takes it. */
  readonly value: string;
  /** A number for the value, whatever its system. */
  readonly text: number;
  /** How many rows of each list have it. */
  readonly count: { left: number; right: number };
};

/** A name taken apart. */
export type PreparedName = { readonly language: string; readonly text: string; readonly tokens: Tokens };

/** A row ready to be compared. */
export type PreparedRow = {
  readonly row: Row;
  /** Its own code first. */
  readonly codes: readonly KnownCode[];
  /** Codes of other systems that its codes contain or point to, such as the division in a social credit code. */
  readonly contained: readonly KnownCode[];
  readonly names: readonly PreparedName[];
  readonly place: PreparedName | undefined;
};

export type Side = "left" | "right";

/** Places of rows on earth, side by side in memory; {@link NOWHERE} where a row has none. */
export type Points = { readonly latitudes: Int32Array; readonly longitudes: Int32Array };
/** In place of a latitude that is not known. */
export const NOWHERE = 0x7fff_ffff;

/** Both lists, each in the order of what its rows hold: so nothing depends on the order in which they came. */
export type Prepared = {
  readonly left: readonly PreparedRow[];
  readonly right: readonly PreparedRow[];
  readonly points: { readonly [side in Side]: Points };
  readonly vocabulary: Vocabulary;
};

const EVERY = 1_024;

/** Prepares two lists; says now and then how many rows are done. */
export function* prepare(
  left: readonly Row[],
  right: readonly Row[],
): Generator<number, Prepared, undefined> {
  const shared = { codes: new Map(), texts: new Map(), maker: vocabularyMaker() };
  const sides: { [side in Side]: PreparedRow[] } = { left: [], right: [] };
  let done = 0;
  for (const side of ["left", "right"] as const) {
    for (const row of side === "left" ? left : right) {
      sides[side].push(prepareRow(row, side, shared));
      if (++done % EVERY === 0) yield done;
    }
    sides[side] = inOrder(sides[side]);
  }
  const vocabulary = shared.maker.finish();
  return { ...sides, points: { left: pointsOf(sides.left), right: pointsOf(sides.right) }, vocabulary };
}

type Shared = {
  readonly codes: Map<string, KnownCode>;
  readonly texts: Map<string, number>;
  readonly maker: VocabularyMaker;
};

function prepareRow(row: Row, side: Side, { codes, texts, maker }: Shared): PreparedRow {
  const know = (system: string, value: string): KnownCode => {
    const key = `${system}\u0000${value}`;
    const before = codes.get(key);
    if (before !== undefined) return before;
    const text = texts.get(value) ?? texts.size;
    texts.set(value, text);
    const known = { system, value, text, count: { left: 0, right: 0 } };
    codes.set(key, known);
    return known;
  };
  const contained = new Set<KnownCode>();
  const own = new Set<KnownCode>();
  for (const code of [row.code, ...row.codes.slice(0, CODES_MAX)]) {
    const { value, pointsTo } = canonicalOf(code);
    if (value === "") continue;
    own.add(know(code.system, value));
    for (const one of pointsTo) contained.add(know(one.system, one.value));
  }
  for (const code of own) code.count[side] += 1;
  maker.beginRow();
  const names = row.names
    .slice(0, NAMES_MAX)
    .map(({ language, text }) => ({ language, text, tokens: maker.addText(text) }));
  const place = { language: "", text: row.place, tokens: maker.addRepeated(row.place) };
  const hasTokens = ({ tokens: { from, to } }: PreparedName): boolean => from < to;
  return {
    row,
    codes: [...own],
    contained: [...contained].filter((code) => !own.has(code)),
    names: names.filter(hasTokens),
    place: hasTokens(place) ? place : undefined,
  };
}

/** A code in the form that codes are compared in, and what codes of other systems it names. */
export function canonicalOf({ system, value }: RowCode): {
  readonly value: string;
  readonly pointsTo: readonly RowCode[];
} {
  const coding = systemOf(system);
  const read = coding === undefined ? undefined : readValue(coding, value);
  if (read?.ok !== true) {
    return { value: value.slice(0, TEXT_CHARACTERS_MAX).normalize("NFKC").trim(), pointsTo: [] };
  }
  const { canonical, parts } = read.value;
  const pointsTo = parts.flatMap(({ refersTo }) => (refersTo === undefined ? [] : [refersTo]));
  return { value: canonical, pointsTo };
}

/** Rows in the order of what they hold. */
function inOrder(rows: readonly PreparedRow[]): PreparedRow[] {
  const keyed = rows.map((one) => ({ one, key: contentOf(one.row) }));
  keyed.sort((a, b) => compareText(a.key, b.key) || a.one.row.number - b.one.row.number);
  return keyed.map(({ one }) => one);
}

/** All that a row holds but its number, as one text to sort by. */
function contentOf({ code, codes, names, place, point }: Row): string {
  const texts = [
    ...[code, ...codes].flatMap(({ system, value }) => [value, system]),
    ...names.flatMap(({ language, text }) => [text, language]),
    place,
    point === undefined ? "" : `${point.latitude},${point.longitude}`,
  ];
  return texts.join("\u0000");
}

function pointsOf(rows: readonly PreparedRow[]): Points {
  return {
    latitudes: Int32Array.from(rows, ({ row }) => row.point?.latitude ?? NOWHERE),
    longitudes: Int32Array.from(rows, ({ row }) => row.point?.longitude ?? NOWHERE),
  };
}

/** A name whole, as it is compared where it is the same. */
export function wholeName({ text }: PreparedName): string {
  return foldName(text)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
