import { RECOVERY_STEPS } from "@cityroot/core/operation/recover-keys";
import { recoverKeys } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../../command-definition.ts";
import { readHolderFile } from "../../../registry/holder-file.ts";
import { saveNextKeys, takeNextKeys } from "../../../registry/next-keys.ts";
import { WRITE_OPTIONS, writeOperations } from "../../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [
    { name: "[step]", text: "argument.recoveryStep", choices: RECOVERY_STEPS },
    { name: "[holder]", text: "argument.holder" },
  ],
  options: [{ flags: "--to <file>", text: "option.recoveredKeys" }, ...WRITE_OPTIONS.slice(1)],
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
        if (step !== "begin") return { holder, operations: [recoverKeys({ step: step!, keys: null })] };
        const next = readHolderFile(context, input.needed("to"), "--to");
        context.note(say("keys.saved", { path: saveNextKeys(holder, next) }));
        return { holder, operations: [recoverKeys({ step, keys: next.keySet })] };
      },
      question: (operations) =>
        operations.map((each) => say(`confirm.recover.${each["step"] as "begin"}`)).join(" "),
      afterCommit: ([operation], holder) => {
        if (operation?.["step"] === "complete" && holder !== undefined) takeNextKeys(holder);
      },
      said: ([operation], { height }) => say(`done.recover.${operation?.["step"] as "begin"}`, { height }),
    });
  },
};
