import { getValidators } from "@cityroot/sdk/get-validators";
import { setCodingSystem } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [
    { name: "[system]", text: "argument.system" },
    { name: "[prefix]", text: "argument.authority" },
  ],
  options: [{ flags: "--none", text: "option.noAuthority" }, ...WRITE_OPTIONS],
  examples: [
    "cityroot coding-system set gbt2260 MA.156 --yes",
    "cityroot coding-system set gbt2260 --none --yes",
  ],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "set-coding-system",
      isAsked: input.optionalArgument("system") !== undefined,
      request: async (client) => {
        const system = input.argument("system");
        const prefix = input.optionalArgument("prefix");
        if ((prefix === undefined) !== input.flag("none")) {
          const expected = context.say("error.authority.expected");
          const got = prefix === undefined ? context.say("error.nothing") : `${prefix} --none`;
          throw optionMalformed(context.say, { field: "prefix", expected, got });
        }
        const { governor } = await getValidators(client, { limit: 1 });
        const holder = await findHolder(context, input, client, { code: governor, seat: "at-or-above" });
        return { holder, operations: [setCodingSystem({ system, authority: prefix ?? null })] };
      },
      question: ([operation]) => {
        const { system, authority } = operation as { readonly [name: string]: string | null };
        return authority === null
          ? context.say("confirm.noAuthority", { system: system! })
          : context.say("confirm.authority", { system: system!, authority: authority! });
      },
      said: ([operation], { height }) => {
        const { system, authority } = operation as { readonly [name: string]: string | null };
        return authority === null
          ? context.say("done.noAuthority", { system: system!, height })
          : context.say("done.authority", { system: system!, authority: authority!, height });
      },
    }),
};
