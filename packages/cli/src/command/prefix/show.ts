import { ROLES } from "@cityroot/core/key/role";
import { type GetPrefixReturnType, getPrefix } from "@cityroot/sdk/get-prefix";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { connect } from "../../registry/connect.ts";
import { momentText, statusText, textOf } from "../../registry/resolution-lines.ts";
import { ruleLines } from "../../registry/rule-lines.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<prefix>", text: "argument.prefix" }],
  examples: ["cityroot prefix show MA.156.1301", "cityroot prefix show MA.276.11000 --json"],
  run: async (context, input) => {
    const name = input.argument("prefix");
    const client = await connect(context);
    const prefix = await getPrefix(client, name, { signal: context.io.interrupt });
    if (prefix === null) throw neverDelegated(context, name);
    context.show(prefix, () => linesOf(context, prefix));
    return undefined;
  },
};

/** The failure for a prefix that nobody was given. */
export function neverDelegated({ say }: Context, prefix: string): CommandFailure {
  return new CommandFailure({
    code: "PREFIX_UNKNOWN",
    exit: "notFound",
    detail: say("error.neverDelegated", { prefix }),
    field: "prefix",
    expected: say("error.neverDelegated.expected"),
    got: prefix,
    fix: say("error.neverDelegated.fix"),
  });
}

function linesOf(context: Context, prefix: GetPrefixReturnType): readonly string[] {
  const { say, colors, language } = context;
  const { holder, chain } = prefix;
  const facts: [string, string][] = [
    [say("fact.holder"), textOf(holder.name, language)],
    [say("fact.holderId"), holder.id],
    [say("fact.since"), momentText(context, prefix.since)],
    [
      say("fact.chain"),
      chain.map((one) => `${one.prefix}  ${textOf(one.holder.name, language)}`).join("\n") || "-",
    ],
  ];
  for (const role of ROLES) {
    const { needed, keys } = holder.keys[role];
    facts.push([say(`role.${role}`), say("role.needs", { needed, of: keys.length })]);
  }
  const { recovery } = holder.keys;
  facts.push([
    say("role.recovery"),
    recovery === null
      ? say("role.none")
      : say("role.recoveryNeeds", {
          needed: recovery.needed,
          of: recovery.keys.length,
          hours: Math.round(recovery.delayMs / 3_600_000),
        }),
  ]);
  if (holder.pending !== null) facts.push([say("fact.pending"), momentText(context, holder.pending.begun)]);
  const { reported } = prefix;
  if (reported !== null) facts.push([say("fact.issued"), reported.issued.toLocaleString(language)]);
  const lines = [
    `${colors.bold(prefix.prefix)}  ${statusText(context, prefix)}`,
    "",
    ...context.facts(facts),
  ];
  for (const seat of ["bound", "own"] as const) {
    const rule = reported?.[seat] ?? null;
    lines.push("", colors.bold(say(`rule.${seat}`)), ...ruleLines(context, rule));
  }
  return lines;
}
