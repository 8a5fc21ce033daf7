import { getItem } from "@cityroot/sdk/get-item";
import { retire } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: [{ flags: "--reason <token>", text: "option.reason" }, ...WRITE_OPTIONS],
  examples: ["cityroot code retire MA.156.1301.10/80.10000000.1/130102001002 --reason demolished --yes"],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "retire",
      isAsked: input.optionalArgument("code") !== undefined,
      request: async (client) => {
        const code = input.argument("code");
        const reason = input.needed("reason");
        const item = await getItem(client, code);
        const holder = await findHolder(context, input, client, { code, seat: "above" });
        return { holder, operations: [retire({ code, reason, item })] };
      },
      question: (operations) =>
        context.say("confirm.retire", { code: operations.map((operation) => operation["code"]).join(", ") }),
      said: ([operation], { height }) =>
        context.say("done.retire", { code: String(operation?.["code"]), height }),
    }),
};
