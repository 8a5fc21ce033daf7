import { issueRange } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { DESCRIPTION_OPTIONS, descriptionOf } from "../../registry/description-options.ts";
import { writeCode } from "../../registry/write-code.ts";
import { WRITE_OPTIONS } from "../../registry/write-operations.ts";

/** Most digits that a range may count in. */
const DIGITS_MAX = 15;

export const command: CommandDefinition = {
  arguments: [{ name: "[first]", text: "argument.first" }],
  options: [
    { flags: "--count <number>", text: "option.count" },
    { flags: "--digits <number>", text: "option.digits" },
    ...DESCRIPTION_OPTIONS,
    ...WRITE_OPTIONS,
  ],
  examples: [
    "cityroot code range MA.156.1301.02/60.10000000.1/200001 --count 5000 --class street-lamp --attribute name.zh=路灯",
  ],
  run: (context, input) =>
    writeCode(context, input, {
      type: "issue-range",
      argument: "first",
      seat: "above",
      make: async (first) => {
        input.needed("count");
        const operation = issueRange({
          first,
          count: input.count("count", 1)!,
          digits: input.count("digits", 1, DIGITS_MAX) ?? digitsOf(first),
          ...descriptionOf(context, input),
        });
        return { code: first, operation };
      },
      said: "done.range",
    }),
};

/** How many digits the code ends in, within what a range may count in. */
function digitsOf(first: string): number {
  const digits = /[0-9]+$/.exec(first)?.[0].length ?? 1;
  return Math.min(digits, DIGITS_MAX);
}
