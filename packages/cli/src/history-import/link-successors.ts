import { parseCode } from "@cityroot/codes/ma/code";
import { SUCCESSORS_MAX } from "@cityroot/core/limits";
import type { Day } from "@cityroot/core/state/day";
import { canonicalLegacy } from "../alias/alias-options.ts";
import { type Finding, findingOf } from "./finding.ts";
import { nameIndex, renameOf } from "./name-index.ts";
import { dayBeside, goesOn, holdsIn, isOver, type Period } from "./period.ts";
import type { Periods } from "./read-periods.ts";

/** What took the place of a period: a uniform code, and the period that gets it where that is one of the table's. */
export type Successor = { readonly code: string; readonly period: Period | undefined };

/** How successors are found. */
export type LinkParameters = {
  readonly periods: Periods;
  readonly system: string;
  readonly today: Day;
  /** What people found of periods, by key: it goes before what the table says. */
  readonly reviewed: ReadonlyMap<string, string>;
  /** Takes what a code names next, without a gap, for what it named before under another name: {@link renameOf}. */
  readonly renames: boolean;
};

/** What is known to have taken the place of which period, and what is doubtful in that. */
export type LinkedSuccessors = {
  readonly successors: ReadonlyMap<Period, readonly Successor[]>;
  readonly findings: readonly Finding[];
};

/** Finds the periods that successors' texts name. What no text names is nobody's successor, whatever its name is. */
export function linkSuccessors(parameters: LinkParameters): LinkedSuccessors {
  const { periods, today, renames, reviewed } = parameters;
  const successors = new Map<Period, readonly Successor[]>();
  const findings: Finding[] = [];
  const names = nameIndex(periods);
  for (const period of periods.byRow.values()) {
    const said = reviewed.get(period.key) ?? period.successor;
    const texts = textsOf(said);
    if (texts.length === 0) {
      const next = renames && isOver(period, today) ? renameOf(periods, names, period) : undefined;
      if (next !== undefined) successors.set(period, [{ code: next.code, period: next }]);
      continue;
    }
    if (!isOver(period, today)) {
      findings.push(findingOf("successor-of-current", period, said));
      continue;
    }
    const found: Successor[] = [];
    let isComplete = texts.length <= SUCCESSORS_MAX;
    if (!isComplete)
      findings.push(findingOf("successor-unclear", period, `${texts.length} > ${SUCCESSORS_MAX}`));
    for (const text of isComplete ? texts : []) {
      const one = successorOf(parameters, period, text);
      if (typeof one === "string") {
        findings.push(findingOf(one, period, text));
        isComplete = false;
      } else if (!found.some(({ code }) => code === one.code)) found.push(one);
    }
    // Where one of several is not found, what is known would look complete and is not.
    if (isComplete && found.length > 0) successors.set(period, found);
  }
  return { successors, findings };
}

/** Legacy codes, keys or uniform codes, parted by ";" or "|". */
function textsOf(text: string): readonly string[] {
  return text
    .split(/[;|]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function successorOf(
  { periods, system }: LinkParameters,
  period: Period,
  text: string,
): Successor | "successor-unknown" | "successor-unclear" {
  const code = parseCode(text);
  if (code.ok) {
    if (code.value === period.code) return "successor-unknown";
    return { code: code.value, period: periods.byCode.get(code.value) };
  }
  const legacy = canonicalLegacy(system, text);
  const value = "value" in legacy ? legacy.value : text;
  const others = (periods.byValue.get(value) ?? []).filter((other) => other !== period);
  const candidates = inForceAfter(period, others);
  if (candidates.length > 1) return "successor-unclear";
  const keyed = periods.byKey.get(text);
  const found = candidates[0] ?? (keyed === period ? undefined : keyed);
  return found === undefined ? "successor-unknown" : { code: found.code, period: found };
}

/** Those in force on the day after a period; else those that begin within the year in which it ends. */
function inForceAfter(period: Period, others: readonly Period[]): readonly Period[] {
  const { until } = period;
  const next = until === null ? undefined : dayBeside(until, 1);
  if (next === undefined) return [];
  const then = others.filter((other) => holdsIn(other, next));
  return then.length > 0 ? then : others.filter((other) => goesOn(period, other));
}
