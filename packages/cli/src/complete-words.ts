import tab, { type Complete } from "@bomb.sh/tab";
import type { OptionDefinition } from "./command-definition.ts";
import { COMMAND_LIST, nounsOf } from "./command-list.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import type { Say, TextKey } from "./text/say.ts";

/** Answers what a shell's completion script asks: `complete -- word word ...`. */
export async function completeWords(argv: readonly string[], say: Say): Promise<ExitCode> {
  const words = argv[0] === "--" ? argv.slice(1) : argv;
  for (const option of GLOBAL_OPTIONS) addOption(tab, option, say);
  for (const path of nounsOf(COMMAND_LIST))
    tab.command(path.join(" "), say(`command.${path.join(".")}` as TextKey));
  for (const { path, load } of COMMAND_LIST) {
    const described = tab.command(path.join(" "), say(`command.${path.join(".")}` as TextKey));
    // Only the command that the words name is loaded: a shell waits for this answer at every key.
    if (!path.every((word, at) => words[at] === word)) continue;
    const { command } = await load();
    for (const option of [...(command.options ?? []), ...GLOBAL_OPTIONS]) addOption(described, option, say);
    for (const { name, choices } of command.arguments ?? []) {
      const offer = (complete: Complete): void => {
        for (const choice of choices ?? []) complete(choice, "");
      };
      described.argument(
        name.replace(/[<>[\].]/g, ""),
        choices === undefined ? undefined : offer,
        name.includes("..."),
      );
    }
  }
  tab.parse([...words]);
  return EXIT.ok;
}

function addOption(
  command: Pick<typeof tab, "option">,
  { flags, text, choices }: OptionDefinition,
  say: Say,
): void {
  const name = /--([a-z-]+)/.exec(flags)![1]!;
  const alias = /^-([a-zA-Z]),/.exec(flags)?.[1];
  const takesValue = flags.includes("<");
  const offer = (complete: Complete): void => {
    for (const choice of choices ?? []) complete(choice, "");
  };
  if (takesValue) command.option(name, say(text), offer, alias);
  else if (alias === undefined) command.option(name, say(text));
  else command.option(name, say(text), alias);
}
