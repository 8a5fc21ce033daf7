import { reinstate } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: WRITE_OPTIONS,
  examples: ["cityroot code reinstate MA.156.1301.10/80.10000000.1/130102001001"],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "reinstate",
      isAsked: input.optionalArgument("code") !== undefined,
      request: async (client) => {
        const code = input.argument("code");
        const holder = await findHolder(context, input, client, { code, seat: "above" });
        return { holder, operations: [reinstate({ code })] };
      },
      said: ([operation], { height }) =>
        context.say("done.reinstate", { code: String(operation?.["code"]), height }),
    }),
};
