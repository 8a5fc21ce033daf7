import { CommandFailure } from "./failure.ts";
import type { Say } from "./text/say.ts";

/** What was wrong with an option. All texts are in the user's language. */
export type MalformedOption = {
  /** The option as it is typed, such as `--listen`. */
  readonly field: string;
  readonly expected: string;
  readonly got: string;
  readonly fix?: string;
};

/** The refusal of an option's value. */
export function optionMalformed(say: Say, { field, expected, got, fix }: MalformedOption): CommandFailure {
  const detail = say("error.malformed", { field, expected, got });
  return new CommandFailure({ code: "OPTION_MALFORMED", exit: "usage", detail, field, expected, got, fix });
}
