import { withdrawAlias } from "@cityroot/sdk/operation";
import { CLAIM_OPTIONS, claimOf, LEGACY_ARGUMENTS } from "../../alias/alias-options.ts";
import { madeClaimant } from "../../alias/find-claimant.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: LEGACY_ARGUMENTS,
  options: [...CLAIM_OPTIONS, ...WRITE_OPTIONS],
  examples: ["cityroot alias withdraw gbt2260 130102 --target MA.156.1301"],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "withdraw-alias",
      isAsked: input.optionalArgument("system") !== undefined,
      request: async (client) => {
        const claim = claimOf(context, input);
        const claimant = await madeClaimant(context, input, client, claim);
        const holder = await findHolder(context, input, client, { code: claimant, seat: "at-or-above" });
        return { holder, operations: [withdrawAlias({ ...claim, claimant })] };
      },
      said: ([operation], { height }) => {
        const { value, target } = operation as { readonly [name: string]: string };
        return context.say("done.withdrawAlias", { value: value!, target: target!, height });
      },
    }),
};
