import {
  isShortKeyName,
  parseVerifierKey,
  printVerifierKey,
  type VerifierKey,
} from "@cityroot/core/log/note";
import { lockHome } from "@cityroot/node/home/home-lock";
import { addWatchedLog, readWitnessHome } from "@cityroot/node/witness/witness-home";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { witnessToRead } from "../../registry/witness-home.ts";

/** A key that nobody has, in the form that a registry's policy.json names its own. */
const EXAMPLE_KEY = "registry.example/hebei+f9c00c94+AYUUpcn0sdadrpJGyRM7kVJ6aFOU7Gl99SfnQGo0kXra";

export const command: CommandDefinition = {
  arguments: [{ name: "<key>", text: "argument.logKey" }],
  options: [{ flags: "--origin <name>", text: "option.logOrigin" }],
  examples: [
    `cityroot witness add-log ${EXAMPLE_KEY} --home witness`,
    `cityroot witness add-log ${EXAMPLE_KEY} --origin registry.example/hebei --home witness`,
  ],
  run: async (context, input) => {
    const { say } = context;
    const key = keyOf(context, input.argument("key"));
    const origin = input.text("origin") ?? key.name;
    if (!isShortKeyName(origin)) {
      const expected = say("error.origin.expected");
      throw optionMalformed(say, {
        field: "--origin",
        expected,
        got: origin,
        fix: "--origin registry.example/hebei",
      });
    }
    const { path } = witnessToRead(context);
    const unlock = lockHome(path);
    try {
      const added = await addWatchedLog(readWitnessHome(path), origin, key);
      context.done({ home: path, origin, key: printVerifierKey(key), added }, () =>
        say(added ? "done.witnessAddLog" : "witness.known", { origin }),
      );
    } finally {
      unlock();
    }
    return undefined;
  },
};

function keyOf({ say }: Context, text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (key.ok) return key.value;
  const { field, expected, got } = key.fault;
  throw new CommandFailure({
    code: "KEY_MALFORMED",
    exit: "usage",
    detail: say("error.logKey", { field, expected, got }),
    field: "key",
    expected,
    got,
    fix: say("error.logKey.fix"),
  });
}
