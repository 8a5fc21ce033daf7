import { metresApart, printMicrodegrees } from "./distance.ts";
import { nameComparer } from "./name-likeness.ts";
import { placeLikeness } from "./place-likeness.ts";
import { type KnownCode, NOWHERE, type Prepared, type PreparedName, type PreparedRow } from "./prepared.ts";
import { PENALTIES, type Reason, type ReasonKind, WEIGHT_MIN, WEIGHTS } from "./reason.ts";
import { SCORE_MAX, type Settings } from "./settings.ts";

/** Judges pairs of rows, by their places in the prepared lists. Both ways of asking agree, and swapping the lists changes nothing but the sides of the reasons. */
export type Judge = {
  /** From 0 to {@link SCORE_MAX}. */
  readonly scoreOf: (left: number, right: number) => number;
  /** Why: the points of the reasons sum up to the score. */
  readonly reasonsOf: (left: number, right: number) => readonly Reason[];
};

/** One comparison: how alike the rows are there, in thousandths, and the texts. */
type Comparison = {
  readonly kind: ReasonKind;
  readonly likeness: number;
  readonly left: string;
  readonly right: string;
  /** Of places their distance: their texts are not made for each of millions of pairs. */
  readonly metres?: number;
};

/** What adds to the score, and what takes away from it once all is added. */
type Found = { readonly found: Comparison[]; readonly against: Comparison[] };

/** From which part of the radius on distance counts less. */
const NEAR_PART = 10;
/** How many radii are too far. */
const FAR_RADII = 4;
/** Below this likeness two places are others, in thousandths. */
const ELSEWHERE_LIKENESS = 500;
/** Shortest code that says anything by its characters alone. */
const CODE_TEXT_MIN = 5;

/** Makes a judge for two prepared lists. */
export function makeJudge(prepared: Prepared, { radiusMetres }: Settings): Judge {
  const { vocabulary, points } = prepared;
  const compareNames = nameComparer(vocabulary);
  const metresOf = (a: number, b: number): number | undefined => {
    const [latitude, other] = [points.left.latitudes[a]!, points.right.latitudes[b]!];
    if (latitude === NOWHERE || other === NOWHERE) return undefined;
    return metresApart(latitude, points.left.longitudes[a]!, other, points.right.longitudes[b]!);
  };

  const namesOf = (left: PreparedRow, right: PreparedRow, { found: into, against }: Found): void => {
    let best: Comparison | undefined;
    let numbersDiffer = false;
    for (const [a, b] of comparableNames(left, right)) {
      const compared = compareNames(a, b);
      const isBetter =
        best === undefined ||
        compared.likeness > best.likeness ||
        (compared.likeness === best.likeness && numbersDiffer && !compared.numbersDiffer);
      if (!isBetter) continue;
      best = { kind: "name", likeness: compared.likeness, left: a.text, right: b.text };
      numbersDiffer = compared.numbersDiffer;
    }
    if (best === undefined) return;
    into.push(best);
    if (numbersDiffer) against.push({ ...best, kind: "number" });
  };

  const compare = (a: number, b: number): Comparison[] => {
    const [left, right] = [prepared.left[a]!, prepared.right[b]!];
    const found: Comparison[] = [];
    const against: Comparison[] = [];
    const code = compareCodes(left, right);
    if (code !== undefined) found.push(code);
    namesOf(left, right, { found, against });
    if (left.place !== undefined && right.place !== undefined) {
      const likeness = placeLikeness(left.place, right.place, vocabulary);
      if (likeness !== undefined) {
        const compared = { kind: "place", likeness, left: left.place.text, right: right.place.text } as const;
        found.push(compared);
        if (likeness < ELSEWHERE_LIKENESS) against.push({ ...compared, kind: "elsewhere" });
      }
    }
    const metres = metresOf(a, b);
    if (metres !== undefined) {
      found.push({ kind: "distance", likeness: nearness(metres, radiusMetres), left: "", right: "", metres });
      if (metres > FAR_RADII * radiusMetres) {
        against.push({ kind: "far", likeness: 0, left: "", right: "", metres });
      }
    }
    return [...found, ...against];
  };

  return {
    scoreOf: (left, right) => reasonsFrom(compare(left, right)).reduce((sum, { points }) => sum + points, 0),
    reasonsOf: (left, right) => {
      const [a, b] = [pointText(prepared.left[left]!), pointText(prepared.right[right]!)];
      return reasonsFrom(compare(left, right)).map((reason) =>
        reason.metres === undefined ? reason : { ...reason, left: a, right: b },
      );
    },
  };
}

/** A place as degrees. */
function pointText({ row: { point } }: PreparedRow): string {
  return point === undefined
    ? ""
    : `${printMicrodegrees(point.latitude)},${printMicrodegrees(point.longitude)}`;
}

/** All in the first tenth of the radius, nothing at its end, between them on a straight line; in thousandths. */
function nearness(metres: number, radiusMetres: number): number {
  const near = Math.floor(radiusMetres / NEAR_PART);
  if (metres <= near) return 1000;
  if (metres >= radiusMetres) return 0;
  return Math.floor((1000 * (radiusMetres - metres)) / (radiusMetres - near));
}

/** Names of one language, or of an unknown one; where the rows have none such, all. */
function comparableNames(
  left: PreparedRow,
  right: PreparedRow,
): readonly (readonly [PreparedName, PreparedName])[] {
  if (left.names.length === 1 && right.names.length === 1) return [[left.names[0]!, right.names[0]!]];
  const all = left.names.flatMap((a) => right.names.map((b) => [a, b] as const));
  const alike = all.filter(([a, b]) => a.language === b.language || a.language === "" || b.language === "");
  return alike.length > 0 ? alike : all;
}

/** What the codes say; nothing where the rows have none in common systems. */
function compareCodes(left: PreparedRow, right: PreparedRow): Comparison | undefined {
  let text: readonly [KnownCode, KnownCode] | undefined;
  let other: readonly [KnownCode, KnownCode] | undefined;
  let shared: KnownCode | undefined;
  for (const a of left.codes) {
    for (const b of right.codes) {
      if (a === b && a.system !== "") {
        if (a.count.left === 1 && a.count.right === 1) return same("code", a.value);
        shared ??= a;
      } else if (a.text === b.text) {
        if (a.value.length >= CODE_TEXT_MIN) text ??= [a, b];
      } else if (a.system === b.system && a.system !== "") other ??= [a, b];
    }
  }
  if (shared !== undefined) return same("code-shared", shared.value);
  if (other !== undefined)
    return { kind: "code-differs", likeness: 0, left: other[0].value, right: other[1].value };
  if (text === undefined && left.contained.length === 0 && right.contained.length === 0) return undefined;
  const part =
    left.contained.find((code) => right.codes.includes(code)) ??
    right.contained.find((code) => left.codes.includes(code));
  if (part !== undefined) {
    return { kind: "code-contained", likeness: 1000, left: left.row.code.value, right: right.row.code.value };
  }
  return text === undefined ? undefined : same("code-text", text[0].value);
}

function same(kind: ReasonKind, value: string): Comparison {
  return { kind, likeness: 1000, left: value, right: value };
}

/** Shares the score out among what was compared. */
function reasonsFrom(compared: readonly Comparison[]): readonly Reason[] {
  const all = compared.reduce((sum, { kind }) => sum + WEIGHTS[kind], 0);
  const whole = Math.max(all, WEIGHT_MIN);
  let sum = 0;
  let begun = 0;
  return compared.map(({ kind, likeness, left, right, metres }): Reason => {
    const what = metres === undefined ? { kind, left, right } : { kind, left, right, metres };
    if (kind === "number" || kind === "elsewhere" || kind === "far") {
      // Nothing is taken away below 0.
      const points = -Math.min(sum, PENALTIES[kind]);
      sum += points;
      return { ...what, points, most: 0 };
    }
    // The parts of the whole: rounded so that all of them together are the whole.
    const from = Math.floor((SCORE_MAX * begun) / whole);
    begun += WEIGHTS[kind];
    const most = Math.floor((SCORE_MAX * begun) / whole) - from;
    const points = Math.floor((most * likeness) / 1000);
    sum += points;
    return { ...what, points, most };
  });
}
