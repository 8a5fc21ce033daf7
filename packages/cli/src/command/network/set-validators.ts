import {
  type GetValidatorsReturnType,
  getValidators,
  type ReportedMisbehaviour,
  type ValidatorJson,
} from "@cityroot/sdk/get-validators";
import { setValidators } from "@cityroot/sdk/operation";
import { proveValidators } from "@cityroot/sdk/prove-validators";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { checkVotes } from "../../network/check-votes.ts";
import { connect } from "../../registry/connect.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { askedValidators, saysValidators, VALIDATOR_OPTIONS } from "../../registry/validator-options.ts";
import { type OperationJson, WRITE_OPTIONS, writeOperations } from "../../registry/write-operations.ts";
import type { TextKey } from "../../text/say.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[file]", text: "argument.validatorsFile" }],
  options: [...VALIDATOR_OPTIONS, { flags: "--untried", text: "option.untried" }, ...WRITE_OPTIONS],
  examples: [
    "cityroot network set-validators",
    "cityroot network set-validators --remove water --sign-only removal.json",
    "cityroot network set-validators --with removal.json --holder board.key-2.json --yes",
  ],
  run: async (context, input) => {
    const { say, language } = context;
    const isAsked = saysValidators(input);
    if (!isAsked && input.texts("with").length === 0) return showValidators(context);
    return writeOperations(context, input, {
      type: "set-validators",
      isAsked,
      request: async (client) => {
        const { governor } = await getValidators(client, { limit: 1 });
        // All of the set is signed, also what nobody named: it has to be what the network has.
        const { validators: present } = await proveValidators(client);
        const validators = askedValidators(context, input, present);
        const holder = await findHolder(context, input, client, { code: governor, seat: "at-or-above" });
        return { holder, operations: [setValidators({ validators })] };
      },
      check: async (client, operations) => {
        if (input.flag("untried")) return;
        for (const operation of operations) await checkVotes(context, client, validatorsIn(operation));
      },
      question: (operations) =>
        say("confirm.setValidators", {
          validators: operations.flatMap(validatorsIn).map(textOfValidator).join(", "),
        }),
      said: ([operation], { height }) => {
        const count = validatorsIn(operation!).length.toLocaleString(language);
        return say("done.setValidators", { count, height });
      },
    });
  },
};

function validatorsIn(operation: OperationJson): readonly ValidatorJson[] {
  return operation["validators"] as unknown as readonly ValidatorJson[];
}

function textOfValidator({ name, publicKey, power }: ValidatorJson): string {
  return `${name} (${publicKey}, ${power})`;
}

async function showValidators(context: Context): Promise<undefined> {
  const { say, language } = context;
  const found = await getValidators(await connect(context), { signal: context.io.interrupt });
  const { validators, governor, misbehaviour } = found;
  context.show(found, () => [
    ...context.facts([[say("validators.governor"), governor]]),
    "",
    ...(validators.length === 0
      ? [say("validators.alone")]
      : context.table(
          [say("validators.name"), say("validators.power"), say("validators.key")],
          validators.map(({ name, power, publicKey }) => [name, power.toLocaleString(language), publicKey]),
        )),
    ...misbehaviourLines(context, misbehaviour),
  ]);
  return undefined;
}

const KIND_TEXTS: { readonly [kind in ReportedMisbehaviour["kind"]]: TextKey } = {
  "duplicate-vote": "validators.duplicateVote",
  "light-client-attack": "validators.lightClientAttack",
  other: "validators.other",
};

function misbehaviourLines(
  context: Context,
  misbehaviour: GetValidatorsReturnType["misbehaviour"],
): readonly string[] {
  const { say } = context;
  if (misbehaviour.length === 0) return [];
  const rows = misbehaviour.map(({ kind, validator, address, height, recorded }) => [
    validator ?? say("validators.gone", { address }),
    say(KIND_TEXTS[kind], { height }),
    say("fact.moment", recorded),
  ]);
  return [
    "",
    ...context.table([say("validators.did"), say("validators.what"), say("validators.when")], rows),
  ];
}
