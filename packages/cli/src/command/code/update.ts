import { getItem } from "@cityroot/sdk/get-item";
import { type UpdateParameters, update } from "@cityroot/sdk/operation";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import type { Input } from "../../input.ts";
import {
  attributesOf,
  commitmentsOf,
  DESCRIPTION_OPTIONS,
  linksOf,
} from "../../registry/description-options.ts";
import { writeCode } from "../../registry/write-code.ts";
import { WRITE_OPTIONS } from "../../registry/write-operations.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "[code]", text: "argument.code" }],
  options: [
    ...DESCRIPTION_OPTIONS.filter(({ text }) => text !== "option.class"),
    { flags: "--remove <name>", text: "option.remove", repeats: true },
    { flags: "--no-links", text: "option.noLinks" },
    { flags: "--no-commitments", text: "option.noCommitments" },
    { flags: "--record-version <number>", text: "option.updateVersion" },
    ...WRITE_OPTIONS,
  ],
  examples: ["cityroot code update MA.156.1301.02 --attribute description.en=Roads --remove address"],
  run: (context, input) =>
    writeCode(context, input, {
      type: "update",
      argument: "code",
      seat: "at-or-above",
      make: async (code, client) => {
        const changes = changesOf(context, input);
        if (Object.keys(changes.attributes ?? {}).length === 0 && !changes.links && !changes.commitments)
          throw nothingToChange(context);
        return { code, operation: update({ code, item: await getItem(client, code), ...changes }) };
      },
      said: "done.updated",
    }),
};

/** An update that changes nothing would make a version that says nothing. */
function nothingToChange({ say }: Context): CommandFailure {
  return new CommandFailure({
    code: "ARGUMENT_MISSING",
    exit: "usage",
    detail: say("error.nothingToChange"),
    field: "arguments",
    expected: say("error.nothingToChange.expected"),
    got: say("error.nothing"),
    fix: say("error.seeHelp"),
  });
}

function changesOf(context: Context, input: Input): Omit<UpdateParameters, "code"> {
  const removed = Object.fromEntries(input.texts("remove").map((name) => [name, null]));
  const links = linksOf(context, input);
  const commitments = commitmentsOf(context, input);
  const version = input.count("record-version", 1);
  return {
    attributes: { ...attributesOf(context, input), ...removed },
    ...((links.length > 0 || input.isOff("links")) && { links }),
    ...((commitments.length > 0 || input.isOff("commitments")) && { commitments }),
    ...(version !== undefined && { version }),
  };
}
