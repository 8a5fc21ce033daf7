import type { Fault } from "../fault.ts";

/** A text in the two languages that everything is shown in. */
export type Words = { readonly en: string; readonly zh: string };

/** Where a coding system is laid down. */
export type Standard = {
  /** Its name with the year, such as `GB 32100-2015`. */
  readonly name: string;
  /** The clause or table that matters here. */
  readonly clause?: string;
  /** How far the description here was held against the standard's own text. */
  readonly basis: "standard" | "public-source" | "common-knowledge";
};

/**
 * How the values of a system are written: what may be set right without asking, and what tells at once that a text is
 * none of them.
 */
export type Form = {
  /** Fewest and most characters of a canonical value, in UTF-16 code units. */
  readonly lengths: readonly [min: number, max: number];
  /** Characters that a canonical value may have; `any` where they are not all of ASCII. */
  readonly characters: string | "any";
  /** Characters of ASCII each of which stands in every canonical value; none if left out. */
  readonly needs?: string;
  /** To which case letters are brought; `keep` where the two mean different things. */
  readonly case: "upper" | "lower" | "keep";
  /** Characters that people put between groups, and that are no part of a canonical value. */
  readonly separators: string;
};

/** A part of a value, in the order in which parts stand. Parts may overlap where one is within another. */
export type Part = {
  /** A token of a-z, 0-9 and hyphens, the same wherever the same thing is meant: `division`, `check`, `serial`. */
  readonly name: string;
  readonly label: Words;
  /** The characters of the canonical value. */
  readonly text: string;
  /** What they say, where this package knows it. */
  readonly meaning?: Words;
  /** The value of another system that they are, such as the division in a social credit code. */
  readonly refersTo?: { readonly system: string; readonly value: string };
};

/** What a text is in one system. */
export type Reading = {
  /** The only way in which this system writes the value. */
  readonly canonical: string;
  /** `right`: check characters were worked out and agree; `none`: the system has none, or not in this value. */
  readonly check: "right" | "none";
  readonly parts: readonly Part[];
};

/**
 * Why a text is no value of a system. `form`: it is not written like one; `value`: it is, and a part of it names nothing
 * that there is; `check`: all is well but the check characters.
 */
export type SystemFault = Fault & {
  readonly kind: "form" | "value" | "check";
  /** The value that was probably meant, canonical. Never taken for what came. */
  readonly meant?: string;
};

/** The outcome of reading a canonical value. */
export type SystemParsed =
  | { readonly ok: true; readonly value: Reading }
  | { readonly ok: false; readonly fault: SystemFault };

/** A value of a system that is known from a public source, to learn from and to test with. */
export type Example = { readonly value: string; readonly of: Words };

/**
 * A system of codes that things have: one file each. Everything here is pure, reads its input once from left to right
 * without backtracking, and takes texts of at most {@link VALUE_CHARACTERS_MAX} characters.
 */
export type CodingSystem = {
  /** A token of a-z, 0-9 and hyphens: the `scheme` under which a record names its legacy codes. */
  readonly id: string;
  readonly title: Words;
  readonly standards: readonly Standard[];
  readonly form: Form;
  /** Reads a text that was brought into the form. */
  readonly parse: (text: string) => SystemParsed;
  readonly examples: readonly Example[];
  /** Whose numbers these are: those of persons are recognised only to be refused. */
  readonly names: "thing" | "person";
};

/** Longest text that is read, in UTF-16 code units. Our choice: a GS1 element string of all that a label holds. */
export const VALUE_CHARACTERS_MAX = 512;

/** What was set right in a text before it was read. */
export type Mending = "full-width" | "space" | "separator" | "case";

/** A reading with what was set right. */
export type TidyReading = Reading & { readonly mended: readonly Mending[] };
