import { CHINESE_NUMBER, chineseNumberToDigits, trimZeros } from "./chinese-number.ts";
import { TEXT_CHARACTERS_MAX } from "./row.ts";

/**
 * What a name is compared by. `word`: letters of an alphabet; `number`; `character` and `pair`: one Chinese character, and two
 * that follow each other, as Chinese has no spaces between words.
 */
export type TokenKind = "word" | "number" | "character" | "pair";
export type NameToken = {
  readonly text: string;
  readonly kind: TokenKind;
  /** A word that ended in a full stop: likely the beginning of a longer one. */
  readonly isCut?: boolean;
};

/** Words that are written short by habit, as they stand without their full stop. */
const SHORT: { readonly [word: string]: string } = {
  str: "strasse",
  pl: "platz",
  bhf: "bahnhof",
  hbf: "hauptbahnhof",
  bf: "bahnhof",
  rd: "road",
  ave: "avenue",
  av: "avenue",
  blvd: "boulevard",
  sq: "square",
};
/** Words that German writes together with what stands before: taken apart, so that both ways of writing are one. */
const ENDINGS: readonly (readonly [written: string, meant: string])[] = [
  ["strasse", "strasse"],
  ["str", "strasse"],
  ["platz", "platz"],
];
/** Endings that count only where a full stop follows. */
const CUT_ENDINGS: readonly (readonly [written: string, meant: string])[] = [["pl", "platz"]];

/** Names of bodies that Chinese lists write long and short. */
const CHINESE_SHORT: readonly (readonly [long: string, short: string])[] = [
  ["居民委员会", "居委会"],
  ["村民委员会", "村委会"],
];

const GERMAN: { readonly [letter: string]: string } = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
const PIECES = /\p{Script=Han}+|〇+|\d+[a-z]?(?![a-z0-9])|\d+|\p{L}+\.?/gu;

/**
 * A name in the form that names are compared in: NFKC (full-width letters become plain ones), lower case, umlauts and ß
 * spelt out, other marks on letters left out. Traditional and simplified characters stay different characters.
 */
export function foldName(name: string): string {
  return name
    .slice(0, TEXT_CHARACTERS_MAX)
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => GERMAN[letter]!)
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC");
}

/** The tokens of a name, each once, in the order in which they first stand. */
export function tokensOf(name: string): readonly NameToken[] {
  const tokens = new Map<string, NameToken>();
  const add = (token: NameToken): void => {
    if (!tokens.has(token.text)) tokens.set(token.text, token);
  };
  for (const [piece] of foldName(name).matchAll(PIECES)) {
    if (/^[\p{Script=Han}〇]/u.test(piece)) addHan(piece, add);
    else if (/^\d/.test(piece)) add({ text: trimZeros(piece), kind: "number" });
    else addWord(piece, add);
  }
  return [...tokens.values()];
}

function addHan(run: string, add: (token: NameToken) => void): void {
  const text = CHINESE_SHORT.reduce((made, [long, short]) => made.replaceAll(long, short), run);
  for (const [number] of text.matchAll(CHINESE_NUMBER)) {
    add({ text: chineseNumberToDigits(number), kind: "number" });
  }
  for (const segment of text.split(CHINESE_NUMBER)) {
    const characters = [...segment];
    for (const [at, character] of characters.entries()) {
      add({ text: character, kind: "character" });
      const next = characters[at + 1];
      if (next !== undefined) add({ text: character + next, kind: "pair" });
    }
  }
}

function addWord(piece: string, add: (token: NameToken) => void): void {
  const isCut = piece.endsWith(".");
  const word = isCut ? piece.slice(0, -1) : piece;
  const meant = SHORT[word];
  if (meant !== undefined) {
    add({ text: meant, kind: "word" });
    return;
  }
  const endings = isCut ? [...ENDINGS, ...CUT_ENDINGS] : ENDINGS;
  // Two letters before the ending, or it is the word itself, or part of another.
  const ending = endings.find(([written]) => word.endsWith(written) && word.length >= written.length + 3);
  if (ending === undefined) {
    add(isCut ? { text: word, kind: "word", isCut } : { text: word, kind: "word" });
    return;
  }
  add({ text: word.slice(0, -ending[0].length), kind: "word" });
  add({ text: ending[1], kind: "word" });
}
