import type { Reason } from "@cityroot/reconcile/reason";
import type { Row } from "@cityroot/reconcile/row";
import type { Context, Fact } from "../context.ts";
import { csvLine, forPeople } from "./csv-text.ts";
import type { Decided } from "./decide.ts";
import { firstName, reasonsText } from "./export-pairs.ts";
import { countItems, ITEM_KINDS, type Items, type PairItem } from "./item.ts";
import type { Side } from "./list-mapping.ts";
import type { Standing, Step } from "./step.ts";

type Rows = ReadonlyMap<number, Row>;

/** How many there are of each kind, on one line. */
export function countLine({ say, language }: Context, items: Items): string {
  const counts = countItems(items);
  const format = (count: number): string => count.toLocaleString(language);
  const parts = ITEM_KINDS.filter((kind) => kind !== "unmatched").map((kind) =>
    say(`reconcile.count.${kind}`, { count: format(counts[kind]) }),
  );
  const { left, right } = items.unmatched;
  const rest = say("reconcile.count.unmatched", { left: format(left.length), right: format(right.length) });
  return [...parts, rest].join(" · ");
}

/** A table of pairs. */
export function pairTable(
  context: Context,
  pairs: readonly PairItem[],
  left: Rows,
  right: Rows,
): readonly string[] {
  const { say } = context;
  const headings = [
    ...[say("reconcile.pair"), say("reconcile.kind"), say("reconcile.score")],
    ...[
      say("reconcile.left"),
      say("reconcile.name"),
      say("reconcile.right"),
      say("reconcile.name"),
      say("reconcile.reasons"),
    ],
  ];
  return context.table(
    headings,
    pairs.map(({ id, kind, score, reasons, ...pair }) => {
      const [a, b] = [left.get(pair.left)!, right.get(pair.right)!];
      const names = [a.code.value, firstName(a), b.code.value, firstName(b)];
      return [id, say(`reconcile.is.${kind}`), String(score), ...names, reasonsText(reasons)];
    }),
  );
}

/** A table of rows that nothing was found for. */
export function unmatchedTable(context: Context, side: Side, rows: readonly Row[]): readonly string[] {
  const { say } = context;
  return context.table(
    [say("reconcile.row"), say(`reconcile.${side}`), say("reconcile.name"), say("reconcile.place")],
    rows.map((row) => [String(row.number), row.code.value, firstName(row), row.place]),
  );
}

/** The steps of a workbench. */
export function stepLines(context: Context, { steps, undone }: Standing): readonly string[] {
  const { say, language } = context;
  const headings = [
    say("reconcile.stepNumber"),
    say("reconcile.at"),
    say("reconcile.by"),
    say("reconcile.deed"),
    "",
  ];
  return context.table(
    headings,
    steps.map(({ step, at, by, deed }) => {
      const what = say(`reconcile.did.${deed.kind}`);
      const more = {
        open: "",
        propose: deed.kind === "propose" ? `${(deed.counts["pairs"] ?? 0).toLocaleString(language)}` : "",
        confirm: deed.kind === "confirm" ? deed.pairs.length.toLocaleString(language) : "",
        refuse: deed.kind === "refuse" ? deed.pairs.length.toLocaleString(language) : "",
        undo: deed.kind === "undo" ? String(deed.step) : "",
      }[deed.kind];
      return [
        String(step),
        at,
        by,
        `${what} ${more}`.trim(),
        undone.has(step) ? say("reconcile.isUndone") : "",
      ];
    }),
  );
}

/** What a command of decisions did. */
export function decidedLines(
  context: Context,
  kind: "confirm" | "refuse",
  { step, pairs, already }: Decided,
  items: Items,
): readonly string[] {
  const { say, language } = context;
  const done =
    step === undefined
      ? say("reconcile.nothingDone", { already })
      : say(`reconcile.done.${kind}`, { count: pairs.toLocaleString(language), step: step.step });
  return [done, countLine(context, items)];
}

/** Everything that is known of one pair. */
export type PairView = {
  readonly id: string;
  readonly kind: PairItem["kind"] | null;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly step: Step | undefined;
  readonly left: Row;
  readonly right: Row;
  readonly digest: string | undefined;
};

/** One pair with its reasons, line by line. */
export function pairFacts(context: Context, view: PairView): readonly string[] {
  const { say } = context;
  const { id, kind, score, reasons, step, left, right, digest } = view;
  const rowText = ({ code, names, place, codes }: Row): string =>
    [
      `${code.value}${code.system === "" ? "" : ` (${code.system})`}`,
      ...names.map(({ language, text }) => `${text}${language === "" ? "" : ` (${language})`}`),
      ...(place === "" ? [] : [place]),
      ...codes.map(({ system, value }) => `${system} ${value}`),
    ].join("\n");
  const facts: Fact[] = [
    [say("reconcile.pair"), id],
    [say("reconcile.kind"), kind === null ? say("reconcile.is.none") : say(`reconcile.is.${kind}`)],
    [say("reconcile.left"), rowText(left)],
    [say("reconcile.right"), rowText(right)],
    [say("reconcile.score"), `${score} / 1000`],
    ...reasons.map((reason): Fact => [say(`reconcile.reason.${reason.kind}`), reasonText(reason)]),
    ...(step === undefined
      ? []
      : [[say("reconcile.decided"), `${step.at} ${step.by} (${step.step})`] as const]),
    ...(digest === undefined ? [] : [[say("reconcile.evidenceDigest"), digest] as const]),
  ];
  return context.facts(facts);
}

function reasonText({ left, right, metres, points, most }: Reason): string {
  const compared = left === right ? left : `${left} / ${right}`;
  const far = metres === undefined ? "" : ` (${metres} m)`;
  return `${points < 0 ? "" : "+"}${points}${most === 0 ? "" : ` / ${most}`}  ${compared}${far}`;
}

/** A table to look through and to decide in. */
export function* reviewLines(pairs: readonly PairItem[], left: Rows, right: Rows): Generator<string> {
  yield csvLine([
    "pair",
    "decision",
    "kind",
    "score",
    "left_code",
    "left_name",
    "right_code",
    "right_name",
    "reasons",
  ]);
  for (const { id, kind, score, reasons, ...pair } of pairs) {
    const [a, b] = [left.get(pair.left)!, right.get(pair.right)!];
    const names = [a.code.value, firstName(a), b.code.value, firstName(b)];
    yield csvLine([id, "", kind, String(score), ...names, reasonsText(reasons)].map(forPeople));
  }
}
