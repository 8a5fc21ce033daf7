import { reinstate } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { writeCode } from "../../registry/write-code.ts";
import { WRITE_OPTIONS } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: WRITE_OPTIONS,
  examples: ["cityroot code reinstate MA.156.1301.10/80.10000000.1/130102001001"],
  run: (context, input) =>
    writeCode(context, input, {
      type: "reinstate",
      argument: "code",
      seat: "above",
      make: async (code) => ({ code, operation: reinstate({ code }) }),
      said: "done.reinstate",
    }),
};
