import { delegate, type HolderJson } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { attributesOf, DESCRIPTION_OPTIONS } from "../../registry/description-options.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { readHolderFile } from "../../registry/holder-file.ts";
import { RULE_OPTIONS, ruleOf } from "../../registry/rule-options.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

const CLASS = "organisation";

export const command: CommandDefinition = {
  arguments: [{ name: "[prefix]", text: "argument.prefix" }],
  options: [
    { flags: "--to <holder>", text: "option.delegateTo" },
    ...DESCRIPTION_OPTIONS.slice(0, 2),
    ...RULE_OPTIONS,
    ...WRITE_OPTIONS,
  ],
  examples: [
    "cityroot prefix keys generate water --name zh=示例水务局 --name en='Sample water bureau'",
    "cityroot prefix delegate MA.156.1301.11 --to water --class department",
    "cityroot prefix delegate MA.156.1301.12 --to water --shape 'issue /60.<d8>.<n1-20>/<d6>'",
  ],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "delegate",
      isAsked: input.optionalArgument("prefix") !== undefined,
      request: async (client) => {
        const prefix = input.argument("prefix");
        const operation = delegate({
          prefix,
          holder: holderOf(context, input.needed("to")),
          class: input.text("class") ?? CLASS,
          attributes: attributesOf(context, input),
          rule: ruleOf(context, input) ?? null,
        });
        const holder = await findHolder(context, input, client, { code: prefix, seat: "above" });
        return { holder, operations: [operation] };
      },
      said: ([operation], { height }) =>
        context.say("done.delegate", {
          prefix: String(operation?.["prefix"]),
          to: input.text("to") ?? heldBy(context, operation?.["holder"]),
          height,
        }),
    }),
};

/** Whom an operation names, that others prepared: an id, or the name that is declared. */
function heldBy({ language }: Context, holder: unknown): string {
  if (typeof holder !== "object" || holder === null) return String(holder);
  const { name } = holder as Extract<HolderJson, object>;
  return name[language] ?? Object.values(name)[0] ?? "";
}

/** The holder by id, or as its file declares it: the ledger takes one that it knows already by its declaration too. */
function holderOf(context: Context, to: string): HolderJson {
  if (/^[0-9a-fA-F]{40}$/.test(to)) return to;
  const { name, keySet } = readHolderFile(context, to, "--to");
  return { name, keys: keySet };
}
