import type { Linter } from "./finding.ts";
import { LINTERS } from "./linters.ts";
import { SYNTAX_DICTIONARY } from "./syntax-dictionary.ts";

/** A stretch of a value with a form of its own. Only the last of an identifier has no fixed length. */
export type Component = {
  /** Fewest and most characters. */
  readonly min: number;
  readonly max: number;
  /** Whether a value may end before it; then all that follow may be left out too. */
  readonly optional: boolean;
  /** As the dictionary writes it: `N6`, `X..20`. */
  readonly format: string;
  /** What has to be right in it: its characters first, then what the dictionary names. */
  readonly linters: readonly (readonly [name: string, lint: Linter])[];
};

/** What an application identifier says of the value behind it. */
export type ApplicationIdentifier = {
  /** Its two to four digits. */
  readonly ai: string;
  /** The title that is printed beside it, such as `BATCH/LOT`. */
  readonly title: string;
  readonly components: readonly Component[];
  /** Length of the value where the first two digits tell it, so that nothing has to end it. */
  readonly knownLength?: number;
  /** Whether it may stand in the query of a GS1 Digital Link URI. */
  readonly isAttribute: boolean;
  /**
   * Of what has to be with it on a thing: of each list, one group in which all are there. In patterns `n` stands for any
   * digit.
   */
  readonly requires: readonly (readonly (readonly string[])[])[];
  /** What must not be with it on a thing: patterns. */
  readonly excludes: readonly string[];
  /** Whether it leads a GS1 Digital Link URI, and the orders in which its qualifiers follow; each may be left out. */
  readonly qualifierOrders?: readonly (readonly string[])[];
};

/** Fewest and most digits of an application identifier. */
export const AI_DIGITS_MIN = 2;
export const AI_DIGITS_MAX = 4;

const CHARACTER_LINTERS: Readonly<Record<string, string>> = {
  N: "csetnumeric",
  X: "cset82",
  Y: "cset39",
  Z: "cset64",
};

/** All application identifiers, in the order of the dictionary. */
export const APPLICATION_IDENTIFIERS: ReadonlyMap<string, ApplicationIdentifier> = new Map(
  SYNTAX_DICTIONARY.trim()
    .split("\n")
    .flatMap(identifiersOf)
    .map((identifier) => [identifier.ai, identifier]),
);

/** Digits of an application identifier by its first two: GS1 gives those that begin alike one length. */
const DIGITS_BY_BEGINNING: ReadonlyMap<string, number> = new Map(
  [...APPLICATION_IDENTIFIERS.keys()].map((ai) => [ai.slice(0, AI_DIGITS_MIN), ai.length]),
);

/** The identifier that a text has at a place, or `undefined` where there is none. */
export function identifierAt(text: string, at: number): ApplicationIdentifier | undefined {
  const digits = DIGITS_BY_BEGINNING.get(text.slice(at, at + AI_DIGITS_MIN));
  return digits === undefined ? undefined : APPLICATION_IDENTIFIERS.get(text.slice(at, at + digits));
}

/** The form of the values of an identifier, as the dictionary writes it: `N13 [X..17]`. */
export function formatOf({ components }: ApplicationIdentifier): string {
  return components.map(({ format, optional }) => (optional ? `[${format}]` : format)).join(" ");
}

function identifiersOf(row: string): readonly ApplicationIdentifier[] {
  const title = row.slice(row.indexOf("#") + 1).trim();
  const [range = "", ...words] = row
    .slice(0, row.includes("#") ? row.indexOf("#") : row.length)
    .trim()
    .split(" ");
  const flags = /^[*?]+$/.test(words[0] ?? "") ? (words.shift() ?? "") : "";
  const components = words.filter((word) => /^\[?[NXYZ]/.test(word)).map(componentOf);
  const known = flags.includes("*") ? components.reduce((sum, { max }) => sum + max, 0) : undefined;
  const keys = valuesOf(words, "dlpkey");
  const [first = "", last = first] = range.split("-");
  const identifiers: ApplicationIdentifier[] = [];
  for (let number = Number(first); number <= Number(last); number++) {
    identifiers.push({
      ai: String(number).padStart(first.length, "0"),
      title: row.includes("#") ? title : "",
      components,
      ...(known === undefined ? {} : { knownLength: known }),
      isAttribute: flags.includes("?"),
      requires: valuesOf(words, "req").map((list) => list.split(",").map((group) => group.split("+"))),
      excludes: valuesOf(words, "ex").flatMap((list) => list.split(",")),
      ...(keys.length === 0
        ? {}
        : {
            qualifierOrders: keys
              .flatMap((orders) => orders.split("|"))
              .map((order) => order.split(",").filter(Boolean)),
          }),
    });
  }
  return identifiers;
}

/** What stands behind each `name=` of a row; an empty text for a bare `name`. */
function valuesOf(words: readonly string[], name: string): readonly string[] {
  return words
    .filter((word) => word === name || word.startsWith(`${name}=`))
    .map((word) => word.slice(name.length + 1));
}

function componentOf(word: string): Component {
  const [bracketed = "", ...names] = word.split(",");
  const optional = bracketed.startsWith("[");
  const format = optional ? bracketed.slice(1, -1) : bracketed;
  const variable = format.slice(1, 3) === "..";
  const max = Number(format.slice(variable ? 3 : 1));
  const linters = [CHARACTER_LINTERS[format.charAt(0)] ?? "", ...names].map((name): [string, Linter] => {
    const lint = LINTERS[name];
    if (lint === undefined) throw new Error(`The dictionary names a linter that is not there: ${word}`);
    return [name, lint];
  });
  return { min: variable ? 1 : max, max, optional, format, linters };
}
