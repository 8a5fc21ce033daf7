import { issue } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { DESCRIPTION_OPTIONS, descriptionOf } from "../../registry/description-options.ts";
import { writeCode } from "../../registry/write-code.ts";
import { WRITE_OPTIONS } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: [...DESCRIPTION_OPTIONS, ...WRITE_OPTIONS],
  examples: [
    "cityroot code issue MA.156.1301.02/60.10000000.1/000123 --class street-lamp --attribute name.zh=路灯",
    "cityroot code issue MA.156.1301.02/60.10000000.1/000124 --class street-lamp --sign-only lamp.json",
    "cityroot code issue --with lamp.json --yes",
  ],
  run: (context, input) =>
    writeCode(context, input, {
      type: "issue",
      argument: "code",
      seat: "above",
      make: async (code) => ({ code, operation: issue({ code, ...descriptionOf(context, input) }) }),
      said: "done.issued",
    }),
};
