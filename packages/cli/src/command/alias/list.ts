import type { Day } from "@cityroot/core/state/day";
import type { ResolvedAlias } from "@cityroot/sdk/find-aliases";
import { listAliases } from "@cityroot/sdk/list-aliases";
import { aliasLines, foundLines } from "../../alias/alias-lines.ts";
import { dayOption } from "../../alias/alias-options.ts";
import { refusePerson } from "../../alias/check-person.ts";
import { checkSystemName } from "../../alias/check-system.ts";
import { endedMeaningOf } from "../../alias/ended-meaning.ts";
import { exitOfMeaning } from "../../alias/exit-of-meaning.ts";
import { findProven } from "../../alias/find-proven.ts";
import { refuseWithoutSystem, refuseWithSystemTwice } from "../../alias/system-options.ts";
import { doubtLines, valueDoubtOf } from "../../alias/value-doubt.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import { EXIT } from "../../exit-code.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { connect } from "../../registry/connect.ts";

export const command: CommandDefinition = {
  arguments: [
    { name: "[code]", text: "argument.aliasCode" },
    { name: "[value]", text: "argument.aliasValue" },
  ],
  options: [
    { flags: "--system <system>", text: "argument.system" },
    { flags: "--value <value>", text: "argument.legacyValue" },
    { flags: "--exact", text: "option.exact" },
    { flags: "--day <day>", text: "option.day" },
    { flags: "--proof <file>", text: "option.proofOut" },
  ],
  examples: [
    "cityroot alias list MA.156.1301",
    "cityroot alias list gbt2260 130102",
    "cityroot alias list --system gbt2260 --value 130102 --day 1995",
    "cityroot alias list --system gbt2260 --value 130102 --proof claims.proof",
  ],
  run: async (context, input) => {
    const { say } = context;
    const { interrupt: signal } = context.io;
    // Where a legacy code is named as other commands take it, what stands first is its system.
    const second = input.optionalArgument("value");
    const first = input.optionalArgument("code");
    const code = second === undefined ? first : undefined;
    const system = second === undefined ? input.text("system") : first;
    if (second !== undefined) refuseWithSystemTwice(say, input);
    if ((code === undefined) === (system === undefined)) {
      const got = code === undefined ? say("error.nothing") : `${code} --system ${system}`;
      throw optionMalformed(say, { field: "code", expected: say("error.aliasList.expected"), got });
    }
    const value = code === undefined ? (second ?? input.needed("value")) : "";
    if (system !== undefined) checkSystemName(context, system);
    refusePerson(context, { system: system ?? "", value });
    if (system === undefined) refuseWithoutSystem(say, input, ["value", "exact", "day", "proof"]);
    const client = await connect(context);
    if (code !== undefined) {
      const aliases: ResolvedAlias[] = [];
      for await (const alias of listAliases(client, code, { signal })) aliases.push(alias);
      context.show({ code, aliases }, () =>
        aliases.length === 0
          ? [say("alias.noneOfCode", { code })]
          : aliases.flatMap((one) => aliasLines(context, one)),
      );
      return aliases.length > 0 ? EXIT.ok : EXIT.notFound;
    }
    const day = dayOption(context, input, "day", "last") as Day | null;
    const exact = input.flag("exact");
    const asked = { system: system!, value, exact, signal };
    const proofPath = input.text("proof");
    const found = await findProven(context, client, { ...asked, ...(day !== null && { day }), proofPath });
    const ended = endedMeaningOf(found.aliases, found.day) ?? null;
    const doubt = valueDoubtOf({ system: system!, value }, found.meaning, exact);
    context.show({ ...found, ended, doubt }, () => [
      ...doubtLines(context, doubt),
      ...foundLines(context, found),
    ]);
    return exitOfMeaning(found.meaning);
  },
};
