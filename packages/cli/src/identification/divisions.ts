import { parseDivision } from "@cityroot/codes/division";
import {
  type DivisionMeaning,
  meaningOfDivision,
  type NamedDivision,
} from "@cityroot/codes/division-meaning";
import type { FitJson } from "@cityroot/codes/systems/identification-json";
import type { Context } from "../context.ts";
import { readDivisionHistory } from "../division-history.ts";

/** What a division code that was found meant in a year. */
export type FoundDivision = {
  readonly code: string;
  readonly year: number;
  readonly meaning: DivisionMeaning;
};

/** Every division that values are or hold. */
export function divisionsOf(fits: readonly FitJson[], year: number): readonly FoundDivision[] {
  const codes = fits.flatMap(({ system, canonical, parts }) => [
    ...(system === DIVISION ? [canonical] : []),
    ...parts.flatMap(({ refersTo }) => (refersTo?.system === DIVISION ? [refersTo.value] : [])),
  ]);
  if (codes.length === 0) return [];
  const table = readDivisionHistory();
  if (table === undefined) return [];
  return [...new Set(codes)].flatMap((text) => {
    const code = parseDivision(text);
    return code.ok ? [{ code: text, year, meaning: meaningOfDivision(table, code.value, year) }] : [];
  });
}

const DIVISION = "gbt2260";

/** What it meant, in lines. */
export function divisionLines(
  { say, colors }: Context,
  { code, year, meaning }: FoundDivision,
): readonly string[] {
  const of = ({ path, fromYear, untilYear }: NamedDivision): string => {
    const name = path.join(" ");
    if (fromYear === undefined && untilYear === undefined) return name;
    return say("identify.division.named", { path: name, from: fromYear ?? "…", until: untilYear ?? "…" });
  };
  const head = colors.bold(say("identify.division", { code, year }));
  switch (meaning.kind) {
    case "in-use":
      return [head, ...meaning.divisions.map((division) => `  ${of(division)}`)];
    case "abolished":
      return [head, `  ${say("identify.division.abolished", { last: of(meaning.last) })}`];
    case "unused":
      return [
        head,
        `  ${say("identify.division.unused", { last: of(meaning.last), next: of(meaning.next) })}`,
      ];
    case "not-yet":
      return [head, `  ${say("identify.division.notYet", { first: of(meaning.first) })}`];
    case "never":
      return [head, `  ${say("identify.division.never")}`];
  }
}
