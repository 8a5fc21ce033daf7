import type { Words } from "@cityroot/codes/systems/coding-system";
import type { FitJson, NearFitJson } from "@cityroot/codes/systems/identification-json";
import { expectationIn, fieldIn } from "../alias/fault-text.ts";
import type { Context } from "../context.ts";
import { readable } from "../terminal/readable.ts";

/** A system that a text fits, in lines. */
export function fitLines(context: Context, fit: FitJson): readonly string[] {
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

/** A system that a text nearly fits, in lines. */
export function nearLines(context: Context, near: NearFitJson): readonly string[] {
  const { say, colors } = context;
  const { kind, field, expected, got, meant } = near;
  // What is expected then is what was meant, which is told below.
  const why = kind === "form" && expected === meant ? "lookAlike" : kind;
  const facts: (readonly [string, string])[] = [
    [
      say("identify.why"),
      say(`identify.why.${why}`, {
        field: fieldIn(context, field),
        expected: expectationIn(context, expected),
        got: readable(got),
      }),
    ],
    ...(meant === undefined
      ? []
      : [[say(kind === "check" ? "identify.meant.check" : "identify.meant"), meant] as const]),
  ];
  const head = say("identify.nearly", { title: wordsIn(context, near.title) });
  return [`${colors.bold(head)}  ${colors.dim(near.system)}`, ...context.facts(facts)];
}

/** A text in the language that is spoken. */
export function wordsIn({ language }: Context, words: Words): string {
  return words[language];
}
