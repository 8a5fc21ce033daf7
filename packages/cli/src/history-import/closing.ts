import type { Day } from "@cityroot/core/state/day";
import type { Context } from "../context.ts";
import { csvLine, forPeople } from "../reconcile/csv-text.ts";
import { writeFileWhole } from "../registry/write-file.ts";
import { FINDINGS, type Finding } from "./finding.ts";
import type { Successor } from "./link-successors.ts";
import { isOver, type Period } from "./period.ts";
import type { Proposal } from "./propose-successors.ts";
import type { Periods } from "./read-periods.ts";

/** What was found of a table as a whole. */
export type Found = {
  readonly periods: Periods;
  readonly successors: ReadonlyMap<Period, readonly Successor[]>;
  readonly proposals: readonly Proposal[];
  /** In order of the lines. */
  readonly findings: readonly Finding[];
  readonly today: Day;
  readonly findingsPath: string;
  readonly proposalsPath: string;
};

/** Findings that people are shown, and that the line of JSON has. */
const SHOWN_MAX = 20;
const JSON_MAX = 1_000;

/** Writes everything doubtful, line by line. */
export function writeFindings(path: string, findings: readonly Finding[]): void {
  const lines = findings.map(({ row, other = "", value, finding, from, until, got }) =>
    csvLine([`${row}`, `${other}`, forPeople(value), finding, from ?? "", until ?? "", forPeople(got)]),
  );
  writeFileWhole(
    path,
    csvLine(["row", "other", "value", "finding", "from", "until", "got"]) + lines.join(""),
  );
}

/** What is told of a table beside what became of its rows. */
export function closingOf(
  { say, language }: Pick<Context, "say" | "language">,
  found: Found,
): { readonly json: object; readonly lines: readonly string[] } {
  const { periods, successors, proposals, findings, today, findingsPath, proposalsPath } = found;
  const all = [...periods.byRow.values()];
  const abolished = all.filter((period) => isOver(period, today)).length;
  const reused = [...periods.byValue.values()].filter((group) => group.length > 1).length;
  const counts = {
    periods: all.length,
    codes: periods.byValue.size,
    inUse: all.length - abolished,
    abolished,
    reused,
  };
  const kinds = FINDINGS.map(
    (finding) => [finding, findings.filter((one) => one.finding === finding).length] as const,
  ).filter(([, count]) => count > 0);
  const shown = findings.slice(0, SHOWN_MAX).map((finding) => findingLine({ say }, finding));
  const number = (count: number): string => count.toLocaleString(language);
  const lines = [
    ...shown,
    ...(findings.length > shown.length
      ? [say("import.history.more", { count: number(findings.length - shown.length), path: findingsPath })]
      : []),
    say("import.history.counts", {
      periods: number(counts.periods),
      codes: number(counts.codes),
      inUse: number(counts.inUse),
      abolished: number(abolished),
      reused: number(reused),
    }),
    say("import.history.successors", {
      known: number(successors.size),
      proposed: number(new Set(proposals.map(({ period }) => period)).size),
      path: proposalsPath,
    }),
    ...(kinds.length === 0
      ? []
      : [kinds.map(([kind, count]) => `${say(`import.history.kind.${kind}`)} ${number(count)}`).join(" · ")]),
  ];
  const json = {
    ...counts,
    successors: { known: successors.size, proposals: proposals.length, path: proposalsPath },
    findingCounts: Object.fromEntries(kinds),
    findings: findings.slice(0, JSON_MAX),
    findingsPath,
  };
  return { json, lines };
}

function findingLine(
  { say }: Pick<Context, "say">,
  { finding, row, other = 0, value, from, until, got }: Finding,
): string {
  const days = { from: from ?? "…", until: until ?? "…" };
  return say(`import.history.${finding}`, { row, other, value, got, ...days });
}
