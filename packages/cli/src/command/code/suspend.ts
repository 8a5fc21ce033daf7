import { getItem } from "@cityroot/sdk/get-item";
import { suspend } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { writeCode } from "../../registry/write-code.ts";
import { WRITE_OPTIONS } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: [{ flags: "--reason <token>", text: "option.reason" }, ...WRITE_OPTIONS],
  examples: ["cityroot code suspend MA.156.1301.10/80.10000000.1/130102001001 --reason under-review"],
  run: (context, input) =>
    writeCode(context, input, {
      type: "suspend",
      argument: "code",
      seat: "above",
      make: async (code, client) => {
        const reason = input.needed("reason");
        return { code, operation: suspend({ code, reason, item: await getItem(client, code) }) };
      },
      said: "done.suspend",
    }),
};
