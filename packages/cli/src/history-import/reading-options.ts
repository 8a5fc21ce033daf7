import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { checkMapping, readMapping } from "../import/mapping.ts";
import { columnsOf } from "../import/template.ts";
import type { Input } from "../input.ts";
import { KEY_COLUMN, type Reading } from "./reading.ts";

/** Options that say what of a row is the legacy code, and when it meant the row. */
export const READING_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--system <system>", text: "option.historySystem" },
  { flags: "--value <template>", text: "option.historyValue" },
  { flags: "--from <template>", text: "option.historyFrom" },
  { flags: "--until <template>", text: "option.historyUntil" },
  { flags: "--successor <template>", text: "option.historySuccessor" },
  { flags: "--unchecked", text: "option.unchecked" },
];

/** Columns that are taken where no option says which. */
const DEFAULTS = {
  value: ["value", "code"],
  from: ["from", "from_year"],
  until: ["until", "until_year"],
  successor: ["successor"],
} as const;

/** How the options say that a table with these columns is read. */
export function readingOf(context: Context, input: Input, columns: readonly string[]): Reading {
  const { say } = context;
  const system = input.needed("system");
  const mapping = readMapping(context, input);
  if (columns.includes(KEY_COLUMN)) {
    throw new CommandFailure({
      code: "COLUMN_RESERVED",
      exit: "usage",
      detail: say("error.historyPeriod", { period: `{${KEY_COLUMN}}` }),
      field: KEY_COLUMN,
      expected: say("error.historyPeriod.fix"),
      got: columns.join(", "),
      fix: say("error.historyPeriod.fix"),
    });
  }
  checkMapping(context, mapping, [...columns, KEY_COLUMN]);
  const templateOf = (name: keyof typeof DEFAULTS): string | undefined => {
    const own = DEFAULTS[name].find((column) => columns.includes(column));
    const template = input.text(name) ?? (own === undefined ? undefined : `{${own}}`);
    const used = columnsOf(template ?? "");
    const unknown = used.find((column) => !columns.includes(column));
    if (unknown === undefined) return template;
    throw missing(context, { column: unknown, expected: [...columns], got: unknown });
  };
  const needed = (name: "value" | "from" | "until"): string => {
    const template = templateOf(name);
    if (template !== undefined) return template;
    throw missing(context, { column: name, expected: DEFAULTS[name], got: columns.join(", ") });
  };
  return {
    ...{ system, mapping, isUnchecked: input.flag("unchecked") },
    ...{ value: needed("value"), from: needed("from"), until: needed("until") },
    successor: templateOf("successor"),
  };
}

function missing(
  { say }: Context,
  {
    column,
    expected,
    got,
  }: { readonly column: string; readonly expected: readonly string[]; readonly got: string },
): CommandFailure {
  return new CommandFailure({
    code: "COLUMN_MISSING",
    exit: "usage",
    detail: say("error.historyColumn", { column }),
    field: column,
    expected: expected.join(", "),
    got,
    fix: say("error.historyColumn.fix"),
  });
}
