import { issueRange } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { DESCRIPTION_OPTIONS, descriptionOf } from "../../registry/description-options.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

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
    writeOperations(context, input, {
      type: "issue-range",
      isAsked: input.optionalArgument("first") !== undefined,
      request: async (client) => {
        const first = input.argument("first");
        input.needed("count");
        const operation = issueRange({
          first,
          count: input.count("count", 1)!,
          digits: input.count("digits", 1, DIGITS_MAX) ?? digitsOf(first),
          ...descriptionOf(context, input),
        });
        const holder = await findHolder(context, input, client, { code: first, seat: "above" });
        return { holder, operations: [operation] };
      },
      said: ([operation], { height }) =>
        context.say("done.range", {
          first: String(operation?.["first"]),
          count: Number(operation?.["count"]).toLocaleString(context.language),
          height,
        }),
    }),
};

/** How many digits the code ends in, within what a range may count in. */
function digitsOf(first: string): number {
  const digits = /[0-9]+$/.exec(first)?.[0].length ?? 1;
  return Math.min(digits, DIGITS_MAX);
}
