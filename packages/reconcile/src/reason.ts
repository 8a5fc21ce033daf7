/**
 * What speaks for or against a pair. `code`: a code of one system that each list has once is the same; `code-shared`: the
 * same, but several rows of a list have it; `code-text`: the same characters in systems that are not known to be the
 * same; `code-contained`: a code of one row contains or points to a code of the other; `code-differs`: other codes of one system;
 * `number`: their names have different numbers; `elsewhere`: their places are others; `far`: too far from each other.
 */
export type ReasonKind =
  | "code"
  | "code-shared"
  | "code-text"
  | "code-contained"
  | "code-differs"
  | "name"
  | "number"
  | "place"
  | "elsewhere"
  | "distance"
  | "far";

/** One reason of a score: what was compared, and what it adds. */
export type Reason = {
  readonly kind: ReasonKind;
  /** What the left row has there, as it stands. */
  readonly left: string;
  readonly right: string;
  /** Of places: how far they are from each other. */
  readonly metres?: number;
  /** What it adds to the score; below 0 it speaks against the pair. */
  readonly points: number;
  /** What it could have added. The reasons' points sum up to the score. */
  readonly most: number;
};

/**
 * How much each kind weighs beside the others. A kind of weight 0 takes its {@link PENALTIES} away instead.
 */
export const WEIGHTS: { readonly [kind in ReasonKind]: number } = {
  code: 9,
  "code-shared": 3,
  "code-text": 3,
  "code-contained": 4,
  "code-differs": 4,
  name: 6,
  number: 0,
  place: 2,
  elsewhere: 0,
  distance: 3,
  far: 0,
};

/** Points that are taken away. */
export const PENALTIES: { readonly [kind in "number" | "elsewhere" | "far"]: number } = {
  number: 300,
  elsewhere: 300,
  far: 300,
};

/** What all weights of a pair are held against at least: who knows names alone cannot be as sure as who knows more. */
export const WEIGHT_MIN = 7;
