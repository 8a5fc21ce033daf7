import type { Succession } from "@cityroot/core/state/record";
import { SUCCESSIONS } from "@cityroot/core/state/record";
import { getItem } from "@cityroot/sdk/get-item";
import { supersede } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[codes...]", text: "argument.codes" }],
  options: [
    { flags: "--by <code>", text: "option.by", repeats: true },
    { flags: "--kind <kind>", text: "option.kind", choices: SUCCESSIONS },
    ...WRITE_OPTIONS,
  ],
  examples: ["cityroot code supersede MA.156.130104 --by MA.156.130105 --yes"],
  run: (context, input) => {
    const codes = input.argumentList("codes");
    return writeOperations(context, input, {
      type: "supersede",
      isAsked: codes.length > 0,
      request: async (client) => {
        const successors = input.neededTexts("by");
        const kind = (input.text("kind") as Succession | undefined) ?? kindOf(codes, successors);
        const [code = ""] = codes;
        const [successor = ""] = successors;
        const item = codes.length === 1 ? await getItem(client, code) : null;
        const successorItem = successors.length === 1 ? await getItem(client, successor) : null;
        const operation = supersede({ codes, kind, successors, item, successorItem });
        const holder = await findHolder(context, input, client, { code, seat: "above" });
        return { holder, operations: [operation] };
      },
      question: (operations) =>
        context.say("confirm.supersede", { codes: operations.flatMap((one) => one["codes"]).join(", ") }),
      said: ([operation], { height }) =>
        context.say("done.supersede", {
          codes: listed(operation?.["codes"]),
          by: listed(operation?.["successors"]),
          height,
        }),
    });
  },
};

function listed(codes: unknown): string {
  return Array.isArray(codes) ? codes.join(", ") : "";
}

function kindOf(codes: readonly string[], successors: readonly string[]): Succession {
  if (codes.length > 1) return "merge";
  return successors.length > 1 ? "split" : "rename";
}
