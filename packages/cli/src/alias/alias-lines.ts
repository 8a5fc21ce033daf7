import type { AliasMeaning } from "@cityroot/core/state/alias-meaning";
import type { FindAliasesReturnType, ResolvedAlias, ResolvedStatement } from "@cityroot/sdk/find-aliases";
import type { Verification } from "@cityroot/sdk/resolution";
import type { Context } from "../context.ts";
import { momentText, proofFact } from "../registry/resolution-lines.ts";
import { printable } from "../terminal/printable.ts";
import { endedMeaningOf } from "./ended-meaning.ts";

/** What all claims come to, in one line. */
export function meaningLine(
  { say, colors }: Pick<Context, "say" | "colors">,
  meaning: AliasMeaning,
  day: string,
  aliases: readonly ResolvedAlias[],
): string {
  switch (meaning.kind) {
    case "one":
      return say(meaning.isConfirmed ? "alias.one.confirmed" : "alias.one.claimed", {
        target: colors.bold(meaning.target),
        day,
      });
    case "conflict":
      return colors.red(say("alias.conflict", { targets: meaning.targets.join(", "), day }));
    case "ended":
      return endedLine({ say }, aliases, day);
    case "none":
      return say("alias.none");
  }
}

function endedLine({ say }: Pick<Context, "say">, aliases: readonly ResolvedAlias[], day: string): string {
  const ended = endedMeaningOf(aliases, day);
  if (ended === undefined) throw new Error(`claims that hold on ${day} do not come to nothing`);
  const last = "last" in ended ? { last: ended.last.join(", "), until: ended.until } : {};
  const next = "next" in ended ? { next: ended.next.join(", "), from: ended.from } : {};
  return say(`alias.ended.${ended.kind}`, { day, ...last, ...next });
}

/** All that is claimed of a legacy code: what it comes to, each claim, and that these are proven to be all. */
export function foundLines(
  context: Context,
  found: Omit<FindAliasesReturnType, "authority">,
): readonly string[] {
  const { meaning, day, aliases, verified } = found;
  return [
    meaningLine(context, meaning, day, aliases),
    ...aliases.flatMap((one) => ["", ...aliasLines(context, one)]),
    "",
    ...provenLines(context, verified),
  ];
}

/** The moment to which claims are shown, and that they are proven to be all. */
export function provenLines(context: Context, verified: Verification): readonly string[] {
  const { say } = context;
  return context.facts([[say("fact.asOf"), momentText(context, verified)], proofFact(context, verified)]);
}

/** In place of a day that was not said. */
const OPEN = "…";

/** A claim in some lines: what it says, who says so and since when, and what others think. */
export function aliasLines(context: Context, alias: ResolvedAlias): readonly string[] {
  const { say, colors } = context;
  const { system, value, relation, target, claimant, from, until, evidence, claimed } = alias;
  const facts: (readonly [string, string])[] = [
    [say("alias.relation"), `${say(`alias.relation.${relation}`)} ${target}`],
    [say("alias.claimant"), `${claimant}  ${say("alias.since", { ...claimed })}`],
    ...(from === null && until === null
      ? []
      : [
          [say("alias.days"), say("alias.days.range", { from: from ?? OPEN, until: until ?? OPEN })] as const,
        ]),
    ...(evidence === null ? [] : [[say("alias.evidence"), evidence] as const]),
    ...statementFact(context, say("alias.byTarget"), alias.byTarget),
    ...statementFact(context, say("alias.bySystem"), alias.bySystem),
  ];
  const standing = say(`alias.standing.${alias.standing}`);
  const shown = alias.standing === "disputed" ? colors.red(standing) : standing;
  return [`${colors.bold(printable(value))}  ${colors.dim(system)}  ${shown}`, ...context.facts(facts)];
}

/** Characters of a holder's id that tell it from others; all of it stands in the JSON form. */
const HOLDER_SHOWN = 12;

function statementFact(
  { say }: Context,
  who: string,
  statement: ResolvedStatement | null,
): readonly (readonly [string, string])[] {
  if (statement === null) return [];
  const { verdict, holder, evidence, since } = statement;
  const shown = `${say(`alias.verdict.${verdict}`)}  ${say("alias.since", { ...since })}  ${holder.slice(0, HOLDER_SHOWN)}…`;
  return [[who, evidence === null ? shown : `${shown}  ${say("alias.evidence")} ${evidence}`]];
}
