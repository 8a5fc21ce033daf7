import { getItem } from "@cityroot/sdk/get-item";
import { transfer } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { readHolderFile } from "../../registry/holder-file.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: [{ flags: "--to <holder>", text: "option.to" }, ...WRITE_OPTIONS],
  examples: ["cityroot code transfer MA.156.1301.10/80.10000000.1/130102001003 --to MA.156.1301.01 --yes"],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "transfer",
      isAsked: input.optionalArgument("code") !== undefined,
      request: async (client) => {
        const code = input.argument("code");
        const to = input.needed("to");
        const id = /^[0-9a-fA-F]{40}$/.test(to) ? to : readHolderFile(context, to, "--to").id;
        const item = await getItem(client, code);
        const holder = await findHolder(context, input, client, { code, seat: "at-or-above" });
        return { holder, operations: [transfer({ code, to: id, item })] };
      },
      question: ([operation]) =>
        context.say("confirm.transfer", { code: String(operation?.["code"]), to: String(operation?.["to"]) }),
      said: ([operation], { height }) =>
        context.say("done.transfer", {
          code: String(operation?.["code"]),
          to: String(operation?.["to"]),
          height,
        }),
    }),
};
