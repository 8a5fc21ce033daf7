import { federate } from "@cityroot/sdk/operation";
import type { FederationJson } from "@cityroot/sdk/resolution";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import type { Input } from "../../input.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { askOtherNetwork } from "../../registry/ask-other-network.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { type OperationJson, WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[prefix]", text: "argument.prefix" }],
  options: [
    { flags: "--to <url>", text: "option.federateTo", repeats: true },
    { flags: "--genesis <digest>", text: "option.federateGenesis" },
    { flags: "--to-policy <file>", text: "option.federatePolicy" },
    { flags: "--end", text: "option.federateEnd" },
    ...WRITE_OPTIONS,
  ],
  examples: [
    "cityroot prefix federate MA.156.1301 --to https://id.example.cn",
    "cityroot prefix federate MA.156.1301 --to https://id.example.cn --to https://id2.example.cn --to-policy policy.json",
    "cityroot prefix federate MA.156.1301 --end --yes",
  ],
  run: (context, input) =>
    writeOperations(context, input, {
      type: "federate",
      isAsked: input.optionalArgument("prefix") !== undefined,
      request: async (client) => {
        const prefix = input.argument("prefix");
        const federation = await askedFederation(context, input, prefix);
        const holder = await findHolder(context, input, client, { code: prefix, seat: "at-or-above" });
        return { holder, operations: [federate({ prefix, federation })] };
      },
      question: (operations) => operations.map((one) => questionOf(context, one)).join(" "),
      said: ([operation], { height }) => {
        const federation = federationIn(operation!);
        const prefix = String(operation!["prefix"]);
        return federation === null
          ? context.say("done.federateEnd", { prefix, height })
          : context.say("done.federate", { prefix, network: federation.network, height });
      },
    }),
};

/** The network that the options name; null where they end a federation. */
async function askedFederation(
  context: Context,
  input: Input,
  prefix: string,
): Promise<FederationJson | null> {
  if (!input.flag("end")) {
    return askOtherNetwork(context, {
      prefix,
      endpoints: input.neededTexts("to"),
      genesis: input.text("genesis"),
      policyPath: input.text("to-policy"),
    });
  }
  const other = ["to", "genesis", "to-policy"].find(
    (name) => input.text(name) !== undefined || input.texts(name).length > 0,
  );
  if (other === undefined) return null;
  const expected = context.say("error.federateEnd.expected");
  throw optionMalformed(context.say, { field: `--${other}`, expected, got: "--end" });
}

function federationIn(operation: OperationJson): FederationJson | null {
  return operation["federation"] as unknown as FederationJson | null;
}

function questionOf({ say }: Context, operation: OperationJson): string {
  const prefix = String(operation["prefix"]);
  const federation = federationIn(operation);
  if (federation === null) return say("confirm.federateEnd", { prefix });
  const { network, genesis, endpoints, policy } = federation;
  const { origin, logKeys, witnesses, quorum } = policy;
  return say("confirm.federate", {
    ...{ prefix, network, genesis, origin, quorum, witnesses: witnesses.length },
    endpoints: endpoints.join(", "),
    keys: logKeys.join(", "),
  });
}
