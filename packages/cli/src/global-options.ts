import { isAbsolute, join } from "node:path";
import type { OptionDefinition } from "./command-definition.ts";
import { type GlobalSettings, wantsColor } from "./context.ts";
import type { Io } from "./io.ts";
import { LANGUAGES, type Language, languageOf } from "./text/language.ts";

/** Options that every command has; they may stand before or after its words. */
export const GLOBAL_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--json", text: "option.json" },
  { flags: "-q, --quiet", text: "option.quiet" },
  { flags: "--no-input", text: "option.noInput" },
  { flags: "-y, --yes", text: "option.yes" },
  { flags: "--home <folder>", text: "option.home" },
  { flags: "--url <address>", text: "option.url" },
  { flags: "--policy <file>", text: "option.policy" },
  { flags: "--lang <language>", text: "option.lang", choices: LANGUAGES },
  { flags: "--color", text: "option.color" },
  { flags: "--no-color", text: "option.noColor" },
];

/** The settings that options and environment make. */
export function settingsOf(options: { readonly [name: string]: unknown }, io: Io): GlobalSettings {
  const text = (name: string): string | undefined =>
    typeof options[name] === "string" ? (options[name] as string) : undefined;
  // An empty variable counts as none, as shells have no other way to unset one for a call.
  const either = (name: string, variable: string): string | undefined =>
    text(name) ?? (io.env[variable] || undefined);
  const home = either("home", "CITYROOT_HOME");
  const policy = either("policy", "CITYROOT_POLICY");
  const isJson = options["json"] === true;
  return {
    json: isJson,
    quiet: options["quiet"] === true,
    input: options["input"] !== false && io.isInTerminal && io.isErrTerminal && !isJson,
    yes: options["yes"] === true,
    color: wantsColor(io, typeof options["color"] === "boolean" ? options["color"] : undefined),
    language: (text("lang") as Language | undefined) ?? languageOf(io.env),
    home: home && pathFrom(io.workingFolder, home),
    url: either("url", "CITYROOT_URL"),
    policy: policy && pathFrom(io.workingFolder, policy),
  };
}

/** The language that the arguments ask for, read before they are parsed: help and refusals are in it too. */
export function languageOfArguments(argv: readonly string[], io: Pick<Io, "env">): Language {
  for (const [at, argument] of argv.entries()) {
    const value = argument === "--lang" ? argv[at + 1] : /^--lang=(.*)$/.exec(argument)?.[1];
    const language = LANGUAGES.find((known) => known === value);
    if (language !== undefined) return language;
  }
  return languageOf(io.env);
}

/** A path of the user's: relative ones are of the folder that the command was called in. */
export function pathFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}
