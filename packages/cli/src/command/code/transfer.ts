import { getItem } from "@cityroot/sdk/get-item";
import { transfer } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { readHolderFile } from "../../registry/holder-file.ts";
import { writeCode } from "../../registry/write-code.ts";
import { WRITE_OPTIONS } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: [{ flags: "--to <holder>", text: "option.to" }, ...WRITE_OPTIONS],
  examples: ["cityroot code transfer MA.156.1301.10/80.10000000.1/130102001003 --to MA.156.1301.01 --yes"],
  run: (context, input) =>
    writeCode(context, input, {
      type: "transfer",
      argument: "code",
      seat: "at-or-above",
      make: async (code, client) => {
        const to = input.needed("to");
        const id = /^[0-9a-fA-F]{40}$/.test(to) ? to : readHolderFile(context, to, "--to").id;
        return { code, operation: transfer({ code, to: id, item: await getItem(client, code) }) };
      },
      question: "confirm.transfer",
      said: "done.transfer",
    }),
};
