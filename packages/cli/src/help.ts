import type { Command } from "commander";
import type { CommandDefinition } from "./command-definition.ts";
import { EXIT, type ExitName } from "./exit-code.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { padTo, widthOf } from "./terminal/text-width.ts";
import type { Say } from "./text/say.ts";

/** What help says of a command beside what commander knows. */
export type HelpFacts = {
  readonly say: Say;
  readonly definitionOf: (command: Command) => CommandDefinition | undefined;
  readonly bold: (text: string) => string;
};

/** Help of a command or a noun: what it does, how it is called, examples, then every option. */
export function formatHelp(command: Command, facts: HelpFacts): string {
  const { say, bold } = facts;
  const definition = facts.definitionOf(command);
  const blocks: string[][] = [[command.description()], [`${bold(say("help.usage"))} ${usageOf(command)}`]];
  const examples = definition?.examples ?? exampleOfNoun(command);
  if (examples.length > 0) {
    blocks.push([bold(say("help.examples")), ...examples.map((example) => `  $ npx ${example}`)]);
  }
  if (command.commands.length > 0) {
    const rows = command.commands.map((child) => [child.name(), child.description()] as const);
    blocks.push([bold(say("help.commands")), ...columns(rows)]);
  }
  const registered = command.registeredArguments.map(
    (argument) => [argument.name(), withChoices(argument.description, argument.argChoices)] as const,
  );
  if (registered.length > 0) blocks.push([bold(say("help.arguments")), ...columns(registered)]);
  const options = (definition?.options ?? []).map(
    ({ flags, text, choices }) => [flags, withChoices(say(text), choices)] as const,
  );
  if (options.length > 0) blocks.push([bold(say("help.options")), ...columns(options)]);
  const globals = GLOBAL_OPTIONS.map(
    ({ flags, text, choices }) => [flags, withChoices(say(text), choices)] as const,
  );
  const help = ["-h, --help", say("option.help")] as const;
  const version = ["-V, --version", say("option.version")] as const;
  blocks.push([bold(say("help.globalOptions")), ...columns([...globals, help, version])]);
  blocks.push([bold(say("help.exitCodes")), ...exitLines(say)]);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function usageOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) names.unshift(at.name());
  const parts = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${text}>` : `[${text}]`;
  });
  const tail = command.commands.length > 0 ? ["<command>"] : parts;
  return [...names, ...tail, "[options]"].join(" ");
}

const NOUN_EXAMPLES: { readonly [noun: string]: readonly string[] } = {
  cityroot: ["cityroot dev", "cityroot code resolve MA.156.1301"],
  prefix: ["cityroot prefix show MA.156.1301"],
  keys: ["cityroot prefix keys show MA.156.1301"],
  code: ["cityroot code resolve MA.156.1301", "cityroot code list MA.156.1301 --limit 10"],
  proof: ["cityroot proof verify shijiazhuang.proof --code MA.156.1301"],
  log: ["cityroot log audit"],
  storage: ["cityroot storage audit"],
  network: ["cityroot network init", "cityroot network start", "cityroot network status"],
  witness: ["cityroot witness show --home witness"],
};

function exampleOfNoun(command: Command): readonly string[] {
  return NOUN_EXAMPLES[command.name()] ?? [];
}

function withChoices(text: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? text : `${text} (${choices.join(", ")})`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => widthOf(left)));
  return rows.map(([left, right]) => `  ${padTo(left, width)}  ${right}`);
}

/** What each exit code means, one line each. */
export function exitLines(say: Say): string[] {
  return (Object.keys(EXIT) as ExitName[]).map(
    (name) => `  ${String(EXIT[name]).padStart(3)}  ${say(`exit.${name}`)}`,
  );
}
