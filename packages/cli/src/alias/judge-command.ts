import type { Operation } from "@cityroot/core/operation/operation";
import { ALIAS_JUDGES, type AliasJudge } from "@cityroot/core/state/alias";
import { findAliases } from "@cityroot/sdk/find-aliases";
import type { JudgeAliasParameters } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../command-definition.ts";
import { CommandFailure } from "../failure.ts";
import { findHolder } from "../registry/find-holder.ts";
import { WRITE_OPTIONS, writeOperations } from "../registry/write-operations.ts";
import type { TextKey } from "../text/say.ts";
import {
  CLAIM_OPTIONS,
  claimOf,
  EVIDENCE_OPTION,
  evidenceOption,
  LEGACY_ARGUMENTS,
} from "./alias-options.ts";
import { madeClaimant } from "./find-claimant.ts";

/** The command that says what one who has a say thinks of a claim. */
export function judgeCommand(
  verb: "confirm" | "dispute",
  make: (parameters: JudgeAliasParameters) => Operation,
): CommandDefinition {
  const said: TextKey = verb === "confirm" ? "done.confirmAlias" : "done.disputeAlias";
  return {
    arguments: LEGACY_ARGUMENTS,
    options: [
      ...CLAIM_OPTIONS,
      { flags: "--as <judge>", text: "option.judge", choices: ALIAS_JUDGES },
      EVIDENCE_OPTION,
      ...WRITE_OPTIONS,
    ],
    examples: [`cityroot alias ${verb} gbt2260 130102 --target MA.156.1301 --as system`],
    run: (context, input) =>
      writeOperations(context, input, {
        type: `${verb}-alias`,
        isAsked: input.optionalArgument("system") !== undefined,
        request: async (client) => {
          const claim = claimOf(context, input);
          const claimant = await madeClaimant(context, input, client, claim);
          const as = (input.text("as") as AliasJudge | undefined) ?? "target";
          const evidence = await evidenceOption(context, input);
          const { system, value } = claim;
          const { authority } = await findAliases(client, { system, value, exact: true });
          if (as === "system" && authority === null) {
            const { say } = context;
            throw new CommandFailure({
              code: "CODING_SYSTEM_UNKNOWN",
              exit: "notFound",
              detail: say("error.noAuthority", { system }),
              field: "--as",
              expected: say("error.noAuthority.expected"),
              got: "system",
            });
          }
          const code = as === "system" ? authority! : claim.target;
          const holder = await findHolder(context, input, client, { code, seat: "at-or-above" });
          return { holder, operations: [make({ ...claim, claimant, as, evidence })] };
        },
        said: ([operation], { height }) => {
          const { value, target } = operation as { readonly [name: string]: string };
          return context.say(said, { value: value!, target: target!, height });
        },
      }),
  };
}
