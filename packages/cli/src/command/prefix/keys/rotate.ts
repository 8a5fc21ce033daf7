import { rotateKeys } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../../command-definition.ts";
import { readHolderFile, saveHolderFile } from "../../../registry/holder-file.ts";
import { drawKeys, KEY_OPTIONS } from "../../../registry/key-options.ts";
import { WRITE_OPTIONS, writeOperations } from "../../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[holder]", text: "argument.holder" }],
  options: [...KEY_OPTIONS, { flags: "--to <file>", text: "option.newKeys" }, ...WRITE_OPTIONS.slice(1)],
  examples: [
    "cityroot prefix keys rotate MA.156.1301.10 --yes",
    "cityroot prefix keys rotate MA.156.1301.10 --to new-keys.json --sign-only rotation.json",
  ],
  run: async (context, input) => {
    const { say } = context;
    const named = input.optionalArgument("holder");
    const to = input.text("to");
    let after = (): void => {};
    return writeOperations(context, input, {
      type: "rotate-keys",
      isAsked: named !== undefined,
      request: async () => {
        const holder = readHolderFile(context, named!, "holder");
        const next = to === undefined ? drawKeys(context, input) : readHolderFile(context, to, "--to");
        const file = { ...holder, keys: next.keys, keySet: next.keySet };
        // The new keys are on disk before the ledger knows them: a crash between loses nothing.
        const waiting = { ...file, path: holder.path.replace(/\.json$/, ".next.json") };
        saveHolderFile(waiting);
        context.note(say("keys.saved", { path: waiting.path }));
        after = () => {
          saveHolderFile({
            ...holder,
            path: holder.path.replace(/\.json$/, `.old-${holder.keySet.keys[0]?.slice(0, 8)}.json`),
          });
          saveHolderFile(file);
        };
        return { holder, operations: [rotateKeys({ keys: next.keySet })] };
      },
      question: () => say("confirm.rotate", { name: named ?? "" }),
      said: (_, { height }) => say("done.rotate", { height }),
      afterCommit: () => after(),
    });
  },
};
