import type { Client } from "@cityroot/sdk/client";
import { findAliases, type ResolvedAlias } from "@cityroot/sdk/find-aliases";
import { getItem } from "@cityroot/sdk/get-item";
import { claimAlias } from "@cityroot/sdk/operation";
import {
  CLAIM_OPTIONS,
  claimOf,
  dayOption,
  EVIDENCE_OPTION,
  evidenceOption,
  LEGACY_ARGUMENTS,
} from "../../alias/alias-options.ts";
import { checkSystemMeant } from "../../alias/check-system.ts";
import { claimFile, FILE_OPTIONS } from "../../alias/claim-file.ts";
import { newClaimant } from "../../alias/find-claimant.ts";
import { rivalsOf } from "../../alias/foresee-claims.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { type OperationJson, WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: LEGACY_ARGUMENTS,
  options: [
    ...CLAIM_OPTIONS,
    { flags: "--from <day>", text: "option.aliasFrom" },
    { flags: "--until <day>", text: "option.aliasUntil" },
    EVIDENCE_OPTION,
    ...WRITE_OPTIONS,
    ...FILE_OPTIONS,
  ],
  examples: [
    "cityroot alias claim gbt2260 130102 --target MA.156.1301 --from 1984",
    "cityroot alias claim works-number LD-2019-000123 --target MA.156.1301.10/80.10000000.1/130102001003 --evidence README.md",
    "cityroot alias claim giai '{asset}' --target 'MA.156.1301.02/60.10000000.1/{number}' --file lamps.csv --dry-run",
    "cityroot alias claim --file claims.csv",
  ],
  run: async (context, input) => {
    if (input.text("file") !== undefined) return claimFile(context, input);
    return writeOperations(context, input, {
      type: "claim-alias",
      isAsked: input.optionalArgument("system") !== undefined,
      request: async (client) => {
        const claim = claimOf(context, input);
        if (!input.flag("unchecked")) await checkSystemMeant(context, client, claim.system);
        const claimant = await newClaimant(context, input, client, claim);
        const holder = await findHolder(context, input, client, { code: claimant, seat: "at-or-above" });
        const from = dayOption(context, input, "from", "first");
        const until = dayOption(context, input, "until", "last");
        const evidence = await evidenceOption(context, input);
        const item = await getItem(client, claim.target);
        return { holder, operations: [claimAlias({ ...claim, claimant, from, until, evidence, item })] };
      },
      check: async (client, operations) => {
        for (const operation of operations) await warnOfConflict(context, client, operation);
      },
      said: ([operation], { height }) => {
        const { system, value, target } = operation as { readonly [name: string]: string };
        return context.say("done.claim", { system: system!, value: value!, target: target!, height });
      },
    });
  },
};

/** Two who claim different things may both be honest: it is told, and not refused. */
async function warnOfConflict(
  { say, warn, io }: Context,
  client: Client,
  operation: OperationJson,
): Promise<void> {
  const { system, value, relation, target, from, until } = operation as unknown as ResolvedAlias;
  const { aliases } = await findAliases(client, { system, value, exact: true, signal: io.interrupt });
  const rivals = rivalsOf({ relation, target, from, until }, aliases);
  if (rivals.length === 0) return;
  warn("CLAIM_CONFLICT", say("warn.claimConflict", { system, value, targets: rivals.join(", ") }));
}
