import { ROLES } from "@cityroot/core/key/role";
import type { CommandDefinition } from "../../../command-definition.ts";
import type { Context } from "../../../context.ts";
import { pathFrom } from "../../../global-options.ts";
import {
  type HolderFile,
  heldKeysOf,
  listHolderFiles,
  readHolderFile,
} from "../../../registry/holder-file.ts";
import { textOf } from "../../../registry/resolution-lines.ts";
import { jsonText, writeFileWhole } from "../../../registry/write-file.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[holder]", text: "argument.holder" }],
  options: [{ flags: "--public <file>", text: "option.public" }],
  examples: [
    "cityroot prefix keys show",
    "cityroot prefix keys show MA.156.1301",
    "cityroot prefix keys show MA.156.1301 --public shijiazhuang.json",
  ],
  run: async (context, input) => {
    const { say, language } = context;
    const named = input.optionalArgument("holder");
    const files = named === undefined ? listHolderFiles(context) : [readHolderFile(context, named, "holder")];
    const out = input.text("public");
    if (out !== undefined && named !== undefined) {
      const path = pathFrom(context.io.workingFolder, out);
      const [{ id, name, keySet }] = files as [HolderFile];
      writeFileWhole(path, jsonText({ name, id, keySet }));
      context.done({ id, file: path }, () => say("done.public", { path }));
      return undefined;
    }
    if (named !== undefined) {
      showOne(context, files[0]!);
      return undefined;
    }
    if (context.json) for (const file of files) context.show(publicPart(file), () => []);
    else {
      const headings = [say("keys.file"), say("fact.holder"), say("keys.held"), say("fact.holderId")];
      const rows = files.map((file) => [
        file.path
          .split("/")
          .at(-1)!
          .replace(/\.json$/, ""),
        textOf(file.name, language),
        `${file.keys.length}/${file.keySet.keys.length}`,
        file.id,
      ]);
      context.show({}, () => (rows.length === 0 ? say("keys.none") : context.table(headings, rows)));
    }
    return undefined;
  },
};

/** What may be shown of a holder's file: no seed ever. */
function publicPart(file: HolderFile): object {
  const { path, name, id, keySet } = file;
  return { file: path, id, name, keySet, held: heldKeysOf(file).map(({ publicKey }) => publicKey) };
}

function showOne(context: Context, file: HolderFile): void {
  const { say, colors, language } = context;
  context.show(publicPart(file), () => {
    const held = new Set(heldKeysOf(file).map(({ publicKey }) => publicKey));
    const facts: [string, string][] = [
      [say("fact.holderId"), file.id],
      [say("keys.file"), file.path],
    ];
    for (const role of ROLES) {
      const { needed, keys } = file.keySet[role];
      const own = keys.filter((at) => held.has(file.keySet.keys[at]!)).length;
      facts.push([say(`role.${role}`), say("role.needsHeld", { needed, of: keys.length, held: own })]);
    }
    const { recovery } = file.keySet;
    if (recovery !== null) {
      const own = recovery.keys.filter((at) => held.has(file.keySet.keys[at]!)).length;
      facts.push([
        say("role.recovery"),
        say("role.needsHeld", { needed: recovery.needed, of: recovery.keys.length, held: own }),
      ]);
    }
    const keys = file.keySet.keys.map((key) => `${key}${held.has(key) ? `  ${say("keys.isHeld")}` : ""}`);
    facts.push([say("keys.public"), keys.join("\n")]);
    return [colors.bold(textOf(file.name, language)), "", ...context.facts(facts)];
  });
}
