import type { Words } from "@cityroot/codes/systems/coding-system";
import {
  type FitJson,
  type IdentificationJson,
  identificationToJson,
  type NearFitJson,
} from "@cityroot/codes/systems/identification-json";
import { identifyValue } from "@cityroot/core/identify-value";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT } from "../../exit-code.ts";
import { CommandFailure } from "../../failure.ts";
import { printable } from "../../terminal/printable.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<value>", text: "argument.value" }],
  examples: [
    "cityroot code identify 91350100M000100Y43",
    'cityroot code identify "5513 8508-2"',
    "cityroot code identify MA.156.1301 --json",
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
    context.show(found, () => linesOf(context, value, found));
    return found.fits.length > 0 ? EXIT.ok : EXIT.notFound;
  },
};

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
