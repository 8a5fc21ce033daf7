import type { Context } from "../context.ts";
import type { Findings } from "./finding.ts";
import type { LoadedExport } from "./load-export.ts";

/** Findings that people are shown; the line of JSON has more. */
const SHOWN_MAX = 20;

/** What is told at the end of an import beside what became of the codes. */
export function closingOf(
  { say, language }: Pick<Context, "say" | "language">,
  { units, categories }: LoadedExport,
  findings: Findings,
): { readonly json: object; readonly lines: readonly string[] } {
  const ways = { registered: 0, filed: 0, unsaid: 0 };
  for (const { way = "unsaid" } of categories.values()) ways[way] += 1;
  const kept = findings.kept();
  const shown = kept.slice(0, SHOWN_MAX).map(({ finding, file, place, got }) => {
    const where = [file, place].filter((part) => part !== "").join(" ");
    return (where === "" ? "" : `${where}: `) + say(`import.ma.${finding}`, { got });
  });
  const more = findings.count() - shown.length;
  if (more > 0) shown.push(say("import.ma.more", { count: more.toLocaleString(language) }));
  const counts = Object.entries(ways).map(([way, count]) => [way, count.toLocaleString(language)] as const);
  const lines = [...shown, say("import.ma.categories", Object.fromEntries(counts))];
  const json = {
    units: units.map(({ code, status }) => ({ code, status: status === undefined ? null : Number(status) })),
    categories: ways,
    findingCount: findings.count(),
    findings: kept,
  };
  return { json, lines };
}
