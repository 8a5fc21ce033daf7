import { Command, CommanderError, Option } from "commander";
import type { CommandDefinition, OptionDefinition } from "./command-definition.ts";
import { COMMAND_LIST, type ListedCommand } from "./command-list.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { formatHelp } from "./help.ts";
import type { ParsedInput } from "./input.ts";
import type { Say, TextKey } from "./text/say.ts";

/** What commander found: a command to run with its input. */
export type Call = {
  readonly path: readonly string[];
  readonly definition: CommandDefinition;
  readonly parsed: ParsedInput;
};

/** What a program is made for. */
export type ProgramParameters = {
  readonly say: Say;
  readonly version: string;
  readonly out: (text: string) => void;
  readonly bold: (text: string) => string;
  readonly onCall: (call: Call) => void;
};

/**
 * Makes the program: every command by its words, with what it takes once it is called. Refusals of its input and the
 * end of help are thrown as {@link CommanderError}.
 */
export function createProgram(parameters: ProgramParameters): Command {
  const { say, version, out, bold } = parameters;
  const definitions = new Map<Command, CommandDefinition>();
  const program = new Command("cityroot")
    .description(say("command.cityroot"))
    .version(version, "-V, --version", say("option.version"))
    .helpOption("-h, --help", say("option.help"))
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: out, outputError: () => {}, getOutHasColors: () => true })
    .configureHelp({
      formatHelp: (command) =>
        formatHelp(command, { say, bold, definitionOf: (one) => definitions.get(one) }),
    });
  for (const option of GLOBAL_OPTIONS) program.addOption(optionOf(option, say));
  const nouns = new Map<string, Command>([["", program]]);
  for (const listed of COMMAND_LIST) {
    const noun = ensureNoun(nouns, listed.path.slice(0, -1), say);
    const command = noun.command(listed.path.at(-1)!).description(say(textOf(listed.path)));
    command.action(() => {
      const definition = definitions.get(command)!;
      parameters.onCall({ path: listed.path, definition, parsed: parsedOf(command) });
    });
  }
  const byPath = new Map(COMMAND_LIST.map((listed) => [listed.path.join(" "), listed]));
  for (const noun of nouns.values()) {
    noun.hook("preSubcommand", async (_, command) => {
      const listed = byPath.get(pathOf(command).join(" "));
      if (listed !== undefined && !definitions.has(command)) await define(command, listed, definitions, say);
    });
  }
  return program;
}

async function define(
  command: Command,
  listed: ListedCommand,
  definitions: Map<Command, CommandDefinition>,
  say: Say,
): Promise<void> {
  const { command: definition } = await listed.load();
  definitions.set(command, definition);
  for (const { name, text, choices } of definition.arguments ?? []) {
    const argument = command.createArgument(name, say(text));
    command.addArgument(choices === undefined ? argument : argument.choices([...choices]));
  }
  for (const option of definition.options ?? []) command.addOption(optionOf(option, say));
}

/** The command that holds others under a noun; called alone, it shows its help. */
function ensureNoun(nouns: Map<string, Command>, path: readonly string[], say: Say): Command {
  const name = path.join(" ");
  const known = nouns.get(name);
  if (known !== undefined) return known;
  const noun = ensureNoun(nouns, path.slice(0, -1), say)
    .command(path.at(-1)!)
    .description(say(textOf(path)));
  nouns.set(name, noun);
  return noun;
}

function optionOf({ flags, text, repeats, choices }: OptionDefinition, say: Say): Option {
  const option = new Option(flags, say(text));
  if (choices !== undefined) option.choices([...choices]);
  if (repeats === true) {
    option.argParser((value: string, list: readonly string[] | undefined) => [...(list ?? []), value]);
  }
  return option;
}

function textOf(path: readonly string[]): TextKey {
  return `command.${path.join(".")}` as TextKey;
}

function pathOf(command: Command): string[] {
  const path: string[] = [];
  for (let at: Command = command; at.parent !== null; at = at.parent) path.unshift(at.name());
  return path;
}

function parsedOf(command: Command): ParsedInput {
  const named = command.registeredArguments.map((argument, at) => [
    argument.name(),
    command.processedArgs[at],
  ]);
  return { arguments: Object.fromEntries(named), options: command.optsWithGlobals() };
}

/** Whether an error is commander's way to end after help or the version. */
export function isHelpShown(error: unknown): boolean {
  return error instanceof CommanderError && (error.exitCode === 0 || error.code === "commander.help");
}
