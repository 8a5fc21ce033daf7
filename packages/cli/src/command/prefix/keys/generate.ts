import { existsSync } from "node:fs";
import type { TextJson } from "@cityroot/sdk/attributes-json";
import type { CommandDefinition } from "../../../command-definition.ts";
import { CommandFailure } from "../../../failure.ts";
import { splitPair } from "../../../registry/description-options.ts";
import { holderFileOf, holderPath, saveHolderFile } from "../../../registry/holder-file.ts";
import { drawKeys, KEY_OPTIONS } from "../../../registry/key-options.ts";
import { saveParts } from "../../../registry/split-holder.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<holder>", text: "argument.newHolder" }],
  options: [
    { flags: "--name <language=name>", text: "option.holderName", repeats: true },
    ...KEY_OPTIONS,
    { flags: "--split", text: "option.split" },
  ],
  examples: [
    "cityroot prefix keys generate water --name zh=示例水务局 --name en='Sample water bureau'",
    "cityroot prefix keys generate transit --name en='Sample transit' --root 2/3 --records 1/2 --recovery 2/3 --split",
  ],
  run: async (context, input) => {
    const { say } = context;
    const holder = input.argument("holder");
    const path = holderPath(context, holder);
    if (existsSync(path)) {
      throw new CommandFailure({
        code: "HOLDER_FILE_EXISTS",
        exit: "conflict",
        detail: say("error.holderExists", { path }),
        field: "holder",
        expected: say("error.holderExists.expected"),
        got: holder,
        fix: say("error.holderExists.fix"),
      });
    }
    const pairs = input.texts("name").map((text) => splitPair(context, "--name", text, "zh=示例水务局"));
    const name: TextJson = pairs.length === 0 ? { en: holder } : Object.fromEntries(pairs);
    const { keys, keySet } = drawKeys(context, input);
    const file = holderFileOf(path, name, keys, keySet);
    const paths = input.flag("split") ? saveParts(file) : [path];
    if (!input.flag("split")) saveHolderFile(file);
    context.done({ id: file.id, name, keySet, files: paths }, () => [
      say("done.keys", { id: file.id, count: keys.length }),
      ...paths.map((one) => `  ${one}`),
      context.colors.yellow(say("keys.keepSafe")),
    ]);
    return undefined;
  },
};
