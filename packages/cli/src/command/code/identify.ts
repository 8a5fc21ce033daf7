import { parseDivision } from "@cityroot/codes/division";
import {
  type DivisionMeaning,
  meaningOfDivision,
  type NamedDivision,
} from "@cityroot/codes/division-meaning";
import type { Words } from "@cityroot/codes/systems/coding-system";
import {
  type FitJson,
  type IdentificationJson,
  identificationToJson,
  type NearFitJson,
} from "@cityroot/codes/systems/identification-json";
import { identifyValue } from "@cityroot/core/identify-value";
import { identifiedAliases, identifiedAliasLines } from "../../alias/identified-aliases.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { readDivisionHistory } from "../../division-history.ts";
import { EXIT } from "../../exit-code.ts";
import { CommandFailure } from "../../failure.ts";
import { printable } from "../../terminal/printable.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<value>", text: "argument.value" }],
  options: [
    { flags: "--year <year>", text: "option.divisionYear" },
    { flags: "--aliases", text: "option.identifyAliases" },
  ],
  examples: [
    "cityroot code identify 91350100M000100Y43",
    'cityroot code identify "5513 8508-2"',
    "cityroot code identify 110103 --year 1995",
    "cityroot code identify MA.156.1301 --json",
    "cityroot code identify 130102 --aliases",
  ],
  run: async (context, input) => {
    const { say } = context;
    const value = input.argument("value");
    const identified = identifyValue(value);
    if (!identified.ok) {
      throw new CommandFailure({
        code: identified.rejection.name,
        exit: "denied",
        detail: say("identify.person"),
        field: "value",
        expected: say("identify.person.expected"),
        got: say("identify.person.got"),
        fix: say("identify.person.fix"),
      });
    }
    const found = identificationToJson(identified.value);
    const year = input.count("year", YEAR_MIN, YEAR_MAX) ?? new Date().getUTCFullYear();
    const divisions = divisionsOf(found, year);
    const day = `${input.text("year") ?? ""}`.padStart(4, "0");
    const aliases = input.flag("aliases")
      ? await identifiedAliases(context, found, input.text("year") === undefined ? undefined : `${day}-12-31`)
      : undefined;
    const shown = {
      ...found,
      ...(divisions.length > 0 && { divisions }),
      ...(aliases !== undefined && { aliases }),
    };
    context.show(shown, () => [
      ...linesOf(context, value, found),
      ...divisions.flatMap((division) => ["", ...divisionLines(context, division)]),
      ...(aliases ?? []).flatMap((one) => ["", ...identifiedAliasLines(context, one)]),
    ]);
    return found.fits.length > 0 ? EXIT.ok : EXIT.notFound;
  },
};

const YEAR_MIN = 1949;
const YEAR_MAX = 9999;

/** What a division code that was found meant in a year. */
type FoundDivision = { readonly code: string; readonly year: number; readonly meaning: DivisionMeaning };

/** Every division that the value is or holds. */
function divisionsOf({ fits }: IdentificationJson, year: number): readonly FoundDivision[] {
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

function divisionLines({ say, colors }: Context, { code, year, meaning }: FoundDivision): readonly string[] {
  const of = ({ path, fromYear, untilYear }: NamedDivision): string =>
    say("identify.division.named", {
      path: path.join(" "),
      from: fromYear ?? "…",
      until: untilYear ?? "…",
    });
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

function linesOf(context: Context, value: string, { fits, nearly }: IdentificationJson): readonly string[] {
  const { say } = context;
  const groups = [
    ...(fits.length === 0 ? [[say("identify.none", { value: printable(value) })]] : []),
    ...(fits.length > 1 ? [[say("identify.several", { count: fits.length })]] : []),
    ...fits.map((fit) => fitLines(context, fit)),
    ...nearly.map((near) => nearLines(context, near)),
  ];
  return groups.flatMap((lines, at) => (at === 0 ? lines : ["", ...lines]));
}

function fitLines(context: Context, fit: FitJson): readonly string[] {
  const { say, colors } = context;
  const { system, canonical, check, mended, parts, standards } = fit;
  const facts: (readonly [string, string])[] = [
    [say("identify.canonical"), canonical],
    [say("identify.check"), say(check === "right" ? "identify.check.right" : "identify.check.none")],
    ...parts.map(({ label, text, meaning, refersTo }): readonly [string, string] => {
      const more = [
        ...(meaning === undefined ? [] : [wordsIn(context, meaning)]),
        ...(refersTo === undefined ? [] : [`${refersTo.system} ${refersTo.value}`]),
      ];
      return [wordsIn(context, label), more.length === 0 ? text : `${text}  ${more.join("; ")}`];
    }),
    ...(mended.length === 0
      ? []
      : [[say("identify.mended"), mended.map((one) => say(`identify.mended.${one}`)).join(", ")] as const]),
    [
      say("identify.standard"),
      standards.map(({ name, clause }) => [name, clause].filter(Boolean).join(", ")).join("; "),
    ],
  ];
  return [`${colors.bold(wordsIn(context, fit.title))}  ${colors.dim(system)}`, ...context.facts(facts)];
}

function nearLines(context: Context, near: NearFitJson): readonly string[] {
  const { say, colors } = context;
  const { kind, field, expected, got, meant } = near;
  const facts: (readonly [string, string])[] = [
    [say("identify.why"), say(`identify.why.${kind}`, { field, expected, got })],
    ...(meant === undefined ? [] : [[say("identify.meant"), meant] as const]),
  ];
  const head = say("identify.nearly", { title: wordsIn(context, near.title) });
  return [`${colors.bold(head)}  ${colors.dim(near.system)}`, ...context.facts(facts)];
}

function wordsIn({ language }: Context, words: Words): string {
  return words[language];
}
