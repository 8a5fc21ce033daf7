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
  const [named = "", second] = [...error.message.matchAll(/'([^']*)'/g)].map(([, text]) => text);
  const suggestion = /\(Did you mean (?:one of )?([^?]*)\?\)/.exec(error.message)?.[1];
  const choices = /Allowed choices are (.*)\./.exec(error.message)?.[1];
  const key = DETAILS[error.code] ?? "error.usage.other";
  const flag = /--[a-z-]+/.exec(named)?.[0] ?? named;
  const isMissing =
    error.code === "commander.missingArgument" || error.code === "commander.optionMissingArgument";
  // An option's value stands behind the option, an argument's before the argument.
  const isOption = named.includes("--") && second !== undefined;
  const [field, value] = isOption ? [flag, second] : [second, named];
  const counts = /Expected (\d+) arguments? but got (\d+)/.exec(error.message);
  const got = isMissing ? say("error.nothing") : (counts?.[2] ?? value ?? "");
  const detail = say(key, { got: isMissing ? flag : got, message: error.message.replace(/^error: /, "") });
  return new CommandFailure({
    code: "USAGE",
    exit: "usage",
    detail,
    field: isMissing ? flag : counts === null ? field : "arguments",
    got: got === "" ? undefined : got,
    expected: choices ?? counts?.[1] ?? (isMissing ? say("error.missing.expected") : undefined),
    fix: suggestion === undefined ? say("error.seeHelp") : say("error.didYouMean", { name: suggestion }),
  });
}
