import type { ArgumentDefinition, OptionDefinition } from "./command-definition.ts";
import { COMMAND_LIST, nounsOf } from "./command-list.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import type { Say, TextKey } from "./text/say.ts";

/** What may stand at the cursor, and what it does. */
export type Completion = { readonly value: string; readonly description: string };

/**
 * What may stand in place of the last of the words that a user has typed after the program's name; nothing where a file
 * or a text of the user's own stands there. Only the command that the words name is loaded: a shell waits for this.
 */
export async function completeWords(words: readonly string[], say: Say): Promise<readonly Completion[]> {
  const typed = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const path = pathOf(before);
  const listed = COMMAND_LIST.find((one) => one.path.join(" ") === path.join(" "));
  const command = listed === undefined ? undefined : (await listed.load()).command;
  const options = [...(command?.options ?? []), ...GLOBAL_OPTIONS];
  const asking = optionBefore(before, options);
  const candidates =
    asking !== undefined
      ? valuesOf(asking)
      : typed.startsWith("-")
        ? options.map((option) => ({ value: nameOf(option), description: say(option.text) }))
        : command === undefined
          ? childrenOf(path, say)
          : valuesOf(argumentAt(before.length - path.length, command.arguments ?? []));
  return candidates.filter(({ value }) => value.startsWith(typed));
}

/** The words that lead to a command or a noun; options and what they take may stand between. */
function pathOf(words: readonly string[]): readonly string[] {
  const known = new Set(
    [...COMMAND_LIST.map(({ path }) => path), ...nounsOf(COMMAND_LIST)].map((path) => path.join(" ")),
  );
  let path: readonly string[] = [];
  for (const word of words) {
    const next = [...path, word];
    if (known.has(next.join(" "))) path = next;
  }
  return path;
}

function childrenOf(path: readonly string[], say: Say): readonly Completion[] {
  const children = new Map<string, string>();
  for (const { path: other } of COMMAND_LIST) {
    if (other.length <= path.length || !path.every((word, at) => other[at] === word)) continue;
    const child = other.slice(0, path.length + 1);
    children.set(child.at(-1)!, say(`command.${child.join(".")}` as TextKey));
  }
  return [...children].map(([value, description]) => ({ value, description }));
}

/** The option that the last word is, where that takes a value. */
function optionBefore(
  words: readonly string[],
  options: readonly OptionDefinition[],
): OptionDefinition | undefined {
  const last = words.at(-1);
  return options.find((option) => nameOf(option) === last && option.flags.includes("<"));
}

function argumentAt(at: number, definitions: readonly ArgumentDefinition[]): ArgumentDefinition | undefined {
  return definitions[Math.max(0, at)];
}

function valuesOf(definition: { readonly choices?: readonly string[] } | undefined): readonly Completion[] {
  return (definition?.choices ?? []).map((value) => ({ value, description: "" }));
}

function nameOf({ flags }: OptionDefinition): string {
  return /--[a-z-]+/.exec(flags)![0];
}
