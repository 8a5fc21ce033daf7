import { issue } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { DESCRIPTION_OPTIONS, descriptionOf } from "../../registry/description-options.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: [...DESCRIPTION_OPTIONS, ...WRITE_OPTIONS],
  examples: [
    "cityroot code issue MA.156.1301.02/60.10000000.1/000123 --class street-lamp --attribute name.zh=路灯",
    "cityroot code issue MA.156.1301.02/60.10000000.1/000124 --class street-lamp --sign-only lamp.json",
    "cityroot code issue --with lamp.json --yes",
  ],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "issue",
      isAsked: input.optionalArgument("code") !== undefined,
      request: async (client) => {
        const code = input.argument("code");
        const operation = issue({ code, ...descriptionOf(context, input) });
        const holder = await findHolder(context, input, client, { code, seat: "above" });
        return { holder, operations: [operation] };
      },
      said: ([operation], { height }) =>
        context.say("done.issued", { code: String(operation?.["code"]), height }),
    }),
};
