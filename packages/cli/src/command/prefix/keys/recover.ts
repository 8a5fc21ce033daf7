import { RECOVERY_STEPS } from "@cityroot/core/operation/recover-keys";
import { recoverKeys } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../../command-definition.ts";
import { readHolderFile } from "../../../registry/holder-file.ts";
import { WRITE_OPTIONS, writeOperations } from "../../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [
    { name: "[step]", text: "argument.recoveryStep", choices: RECOVERY_STEPS },
    { name: "[holder]", text: "argument.holder" },
  ],
  options: [{ flags: "--to <file>", text: "option.newKeys" }, ...WRITE_OPTIONS.slice(1)],
  examples: [
    "cityroot prefix keys recover begin MA.156.1301.10 --to new-keys.json --yes",
    "cityroot prefix keys recover contest MA.156.1301.10 --yes",
    "cityroot prefix keys recover complete MA.156.1301.10 --yes",
  ],
  run: (context, input) => {
    const { say } = context;
    const step = input.optionalArgument("step") as (typeof RECOVERY_STEPS)[number] | undefined;
    return writeOperations(context, input, {
      type: "recover-keys",
      isAsked: step !== undefined,
      request: async () => {
        const holder = readHolderFile(context, input.argument("holder"), "holder");
        const keys = step === "begin" ? readHolderFile(context, input.needed("to"), "--to").keySet : null;
        return { holder, operations: [recoverKeys({ step: step!, keys })] };
      },
      question: ([operation]) => say(`confirm.recover.${operation?.["step"] as "begin"}`),
      said: ([operation], { height }) => say(`done.recover.${operation?.["step"] as "begin"}`, { height }),
    });
  },
};
