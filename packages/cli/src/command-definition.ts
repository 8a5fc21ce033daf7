import type { Context } from "./context.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Input } from "./input.ts";
import type { TextKey } from "./text/say.ts";

/** An option of a command, in the notation of commander: `--class <name>`, `--dry-run`. */
export type OptionDefinition = {
  readonly flags: string;
  readonly text: TextKey;
  /** May stand several times; its values come as a list. */
  readonly repeats?: boolean;
  /** Must stand. */
  readonly required?: boolean;
  readonly choices?: readonly string[];
};

/** A positional argument, in the notation of commander: `<code>`, `[codes...]`. */
export type ArgumentDefinition = {
  readonly name: string;
  readonly text: TextKey;
  readonly choices?: readonly string[];
};

/** A command: what it takes, how it is used, what it does. One file each. */
export type CommandDefinition = {
  readonly arguments?: readonly ArgumentDefinition[];
  readonly options?: readonly OptionDefinition[];
  /** Lines that work as they stand in the development registry, without `npx`. */
  readonly examples: readonly string[];
  /** Gives what the process ends with; nothing means that all went well. Throws for everything else. */
  readonly run: (context: Context, input: Input) => Promise<ExitCode | undefined>;
};
