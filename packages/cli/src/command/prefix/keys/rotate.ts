import { rotateKeys } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../../command-definition.ts";
import { type HolderFile, publicOfSeed, readHolderFile } from "../../../registry/holder-file.ts";
import { drawKeys, KEY_OPTIONS } from "../../../registry/key-options.ts";
import { saveNextKeys, takeNextKeys } from "../../../registry/next-keys.ts";
import { WRITE_OPTIONS, writeOperations } from "../../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[holder]", text: "argument.holder" }],
  options: [...KEY_OPTIONS, { flags: "--to <file>", text: "option.newKeys" }, ...WRITE_OPTIONS.slice(1)],
  examples: [
    "cityroot prefix keys rotate MA.156.1301.10 --yes",
    "cityroot prefix keys rotate MA.156.1301.10 --to new-keys.json --sign-only rotation.json",
  ],
  run: (context, input) => {
    const { say } = context;
    const named = input.optionalArgument("holder");
    const to = input.text("to");
    return writeOperations(context, input, {
      type: "rotate-keys",
      isAsked: named !== undefined,
      request: async () => {
        const holder = readHolderFile(context, named!, "holder");
        const next =
          to === undefined
            ? drawKeys(context, input)
            : withOwnKeys(readHolderFile(context, to, "--to"), holder);
        context.note(say("keys.saved", { path: saveNextKeys(holder, next) }));
        return { holder, operations: [rotateKeys({ keys: next.keySet })] };
      },
      question: () => say("confirm.rotate", { name: named ?? say("confirm.itsHolder") }),
      said: (_, { height }) => say("done.rotate", { height }),
      afterCommit: ([operation], holder) => holder && takeNextKeys(holder, operation?.["keys"]),
    });
  },
};

/** New keys with those secrets of the holder that go on to be among them. */
function withOwnKeys(next: HolderFile, holder: HolderFile): HolderFile {
  const own = holder.keys.filter((seed) => next.keySet.keys.includes(publicOfSeed(seed)));
  return { ...next, keys: [...new Set([...next.keys, ...own])] };
}
