import { CommandFailure } from "./failure.ts";
import { optionMalformed } from "./option-malformed.ts";
import type { Say } from "./text/say.ts";

/** The arguments and options of one call, read by name. */
export type Input = {
  /** An argument that has to stand. */
  readonly argument: (name: string) => string;
  readonly optionalArgument: (name: string) => string | undefined;
  readonly argumentList: (name: string) => readonly string[];
  /** An option's text. */
  readonly text: (name: string) => string | undefined;
  /** An option's text, which has to be there. */
  readonly needed: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
  /** An option's texts, of which at least one has to be there. */
  readonly neededTexts: (name: string) => readonly string[];
  readonly flag: (name: string) => boolean;
  /** Whether `--no-name` stands. */
  readonly isOff: (name: string) => boolean;
  /** A whole number from `min` to `max`. */
  readonly count: (name: string, min?: number, max?: number) => number | undefined;
};

/** What commander read: arguments by name, options by name in camel case. */
export type ParsedInput = {
  readonly arguments: { readonly [name: string]: unknown };
  readonly options: { readonly [name: string]: unknown };
};

/** Reads the arguments and options of a call. Names of options are as in their flags: `dry-run`. */
export function inputOf(parsed: ParsedInput, say: Say): Input {
  const option = (name: string): unknown => parsed.options[camelCase(name)];
  const missing = (field: string): CommandFailure =>
    new CommandFailure({
      code: "ARGUMENT_MISSING",
      exit: "usage",
      detail: say("error.missing", { field }),
      field,
      expected: say("error.missing.expected"),
      got: say("error.nothing"),
      fix: say("error.seeHelp"),
    });
  const argument = (name: string): string | undefined => {
    const value = parsed.arguments[name];
    return typeof value === "string" ? value : undefined;
  };
  const text = (name: string): string | undefined => {
    const value = option(name);
    return typeof value === "string" ? value : undefined;
  };
  const texts = (name: string): readonly string[] => {
    const value = option(name);
    return Array.isArray(value) ? (value as string[]) : [];
  };
  return {
    argument: (name) => {
      const value = argument(name);
      if (value === undefined) throw missing(name);
      return value;
    },
    optionalArgument: argument,
    argumentList: (name) => {
      const value = parsed.arguments[name];
      return Array.isArray(value) ? (value as string[]) : [];
    },
    text,
    needed: (name) => {
      const value = text(name);
      if (value === undefined) throw missing(`--${name}`);
      return value;
    },
    texts,
    neededTexts: (name) => {
      const list = texts(name);
      if (list.length === 0) throw missing(`--${name}`);
      return list;
    },
    flag: (name) => option(name) === true,
    isOff: (name) => option(name) === false,
    count: (name, min = 0, max = Number.MAX_SAFE_INTEGER) => {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = /^[0-9]{1,16}$/.test(value) ? Number(value) : Number.NaN;
      if (number >= min && number <= max) return number;
      const expected = say("error.count.expected", { min, max });
      throw optionMalformed(say, { field: `--${name}`, expected, got: value });
    },
  };
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
