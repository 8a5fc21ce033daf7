import { type ListEntry, list } from "@cityroot/sdk/list";
import type { ResolvedDescription } from "@cityroot/sdk/resolution";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { connect } from "../../registry/connect.ts";
import { textOf } from "../../registry/resolution-lines.ts";

/** Entries that are shown when nobody says how many: more than fit on a screen help nobody. */
const LIMIT = 50;
/** Entries of one request. */
const PART_MAX = 1_000;

export const command: CommandDefinition = {
  arguments: [{ name: "<prefix>", text: "argument.prefix" }],
  options: [
    { flags: "--limit <number>", text: "option.limit" },
    { flags: "--all", text: "option.all" },
    { flags: "--after <code>", text: "option.after" },
  ],
  examples: ["cityroot code list MA.156.1301 --limit 10", "cityroot code list MA.276 --all --json"],
  run: async (context, input) => {
    const limit = input.flag("all") ? Number.POSITIVE_INFINITY : (input.count("limit", 1) ?? LIMIT);
    const after = input.text("after");
    const client = await connect(context);
    const parts = list(client, input.argument("prefix"), {
      limit: Math.min(limit, PART_MAX),
      signal: context.io.interrupt,
      ...(after !== undefined && { after }),
    });
    let shown = 0;
    let isComplete = false;
    let last = "";
    for await (const { entries, isLast } of parts) {
      const some = entries.slice(0, limit - shown);
      showEntries(context, some, shown === 0);
      shown += some.length;
      last = some.at(-1)?.code ?? last;
      isComplete = isLast && some.length === entries.length;
      if (shown >= limit) break;
    }
    const { say } = context;
    if (isComplete) context.note(context.colors.dim(say("list.complete", { count: shown })));
    else context.note(context.colors.dim(say("list.more", { count: shown, last })));
    return undefined;
  },
};

function showEntries(context: Context, entries: readonly ListEntry[], isFirst: boolean): void {
  if (entries.length === 0) return;
  if (context.json) {
    for (const entry of entries) context.show(entry, () => []);
    return;
  }
  const { say } = context;
  const headings = [say("list.code"), say("list.status"), say("list.class"), say("list.name")];
  const lines = context.table(
    headings,
    entries.flatMap((entry) => rowsOf(context, entry)),
  );
  context.show({}, () => (isFirst ? lines : lines.slice(1)));
}

/** A code with a record of its own, and the range or batch that begins with it, are two lines. */
function rowsOf(context: Context, { code, record, interval }: ListEntry): readonly (readonly string[])[] {
  const { say, language } = context;
  const rows: (readonly string[])[] = [];
  const nameOf = ({ attributes }: ResolvedDescription): string =>
    attributes.name === undefined ? "" : textOf(attributes.name, language);
  if (record !== null) rows.push([code, say(`status.${record.status}`), record.class, nameOf(record)]);
  if (interval !== null) {
    const { type, last, description } = interval;
    const count = interval.count.toLocaleString(language);
    rows.push([`${code} … ${last}`, say(`list.${type}`, { count }), description.class, nameOf(description)]);
  }
  return rows;
}
