import type { CommanderError } from "commander";
import { CommandFailure } from "./failure.ts";
import type { Say, TextKey } from "./text/say.ts";

const DETAILS: { readonly [code: string]: TextKey } = {
  "commander.unknownCommand": "error.usage.unknownCommand",
  "commander.unknownOption": "error.usage.unknownOption",
  "commander.missingArgument": "error.usage.missingArgument",
  "commander.optionMissingArgument": "error.usage.optionMissingArgument",
  "commander.excessArguments": "error.usage.excessArguments",
  "commander.invalidArgument": "error.usage.invalidArgument",
};

/** What commander refused, in the user's words. */
export function usageFailureOf(error: CommanderError, say: Say): CommandFailure {
  const got = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const suggestion = /\(Did you mean (?:one of )?([^?]*)\?\)/.exec(error.message)?.[1];
  const choices = /Allowed choices are (.*)\./.exec(error.message)?.[1];
  const key = DETAILS[error.code] ?? "error.usage.other";
  const detail = say(key, { got, message: error.message.replace(/^error: /, "") });
  return new CommandFailure({
    code: "USAGE",
    exit: "usage",
    detail,
    got: got === "" ? undefined : got,
    expected: choices,
    fix: suggestion === undefined ? say("error.seeHelp") : say("error.didYouMean", { name: suggestion }),
  });
}
