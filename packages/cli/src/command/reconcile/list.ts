import { writeFileSync } from "node:fs";
import { SCORE_MAX } from "@cityroot/reconcile/settings";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { pathFrom } from "../../global-options.ts";
import type { Input } from "../../input.ts";
import { type Bench, withBench } from "../../reconcile/bench.ts";
import { countItems, ITEM_KINDS, type Items, type PairItem } from "../../reconcile/item.ts";
import { countLine, pairTable, reviewLines, stepLines, unmatchedTable } from "../../reconcile/item-lines.ts";
import { SIDES, type Side } from "../../reconcile/list-mapping.ts";

/** How many are shown when nobody says how many: more than fit on a screen help nobody. */
const LIMIT = 50;

export const command: CommandDefinition = {
  arguments: [{ name: "<folder>", text: "argument.workbench" }],
  options: [
    { flags: "--kind <kind>", text: "option.itemKind", choices: ITEM_KINDS },
    { flags: "--min-score <score>", text: "option.minScore" },
    { flags: "--max-score <score>", text: "option.maxScore" },
    { flags: "--limit <number>", text: "option.limit" },
    { flags: "--all", text: "option.all" },
    { flags: "--csv <file>", text: "option.reviewFile" },
    { flags: "--steps", text: "option.steps" },
  ],
  examples: [
    "cityroot reconcile list stops --kind ambiguous",
    "cityroot reconcile list stops --kind proposed --max-score 750 --csv look-at.csv",
    "cityroot reconcile list stops --steps",
  ],
  run: async (context, input) => {
    const folder = pathFrom(context.io.workingFolder, input.argument("folder"));
    return withBench(context, folder, async (bench) => {
      if (input.flag("steps")) return showSteps(context, bench);
      const items = bench.items();
      const csv = input.text("csv");
      if (csv !== undefined)
        return writeReview(context, input, bench, pathFrom(context.io.workingFolder, csv));
      const limit = input.flag("all") ? Number.POSITIVE_INFINITY : (input.count("limit", 1) ?? LIMIT);
      if (input.text("kind") === "unmatched") await showUnmatched(context, bench, items, limit);
      else await showPairs(context, bench, chosen(input, items), limit);
      if (context.json) context.show({ counts: countItems(items) }, () => []);
      else context.note(context.colors.dim(countLine(context, items)));
      return undefined;
    });
  },
};

/** Pairs of the kind and the scores that were asked for; without a kind, those that wait for a decision. */
function chosen(input: Input, { pairs }: Items): readonly PairItem[] {
  const kind = input.text("kind");
  const min = input.count("min-score", 0, SCORE_MAX) ?? 0;
  const max = input.count("max-score", 0, SCORE_MAX) ?? SCORE_MAX;
  const isKind = (item: PairItem): boolean =>
    kind === undefined ? item.kind === "proposed" || item.kind === "ambiguous" : item.kind === kind;
  return pairs.filter((item) => isKind(item) && item.score >= min && item.score <= max);
}

async function showPairs(
  context: Context,
  bench: Bench,
  pairs: readonly PairItem[],
  limit: number,
): Promise<void> {
  const shown = pairs.slice(0, limit);
  if (shown.length === 0) return;
  const [left, right] = [await bench.rowsOf("left"), await bench.rowsOf("right")];
  if (context.json) {
    for (const item of shown) {
      const { id, kind, score, reasons, decision } = item;
      const step = decision === undefined ? null : decision.step.step;
      context.show(
        { id, kind, score, step, left: left.get(item.left)!, right: right.get(item.right)!, reasons },
        () => [],
      );
    }
    return;
  }
  context.show({}, () => pairTable(context, shown, left, right));
  if (shown.length < pairs.length) {
    context.note(
      context.colors.dim(context.say("reconcile.more", { shown: shown.length, count: pairs.length })),
    );
  }
}

async function showUnmatched(
  context: Context,
  bench: Bench,
  { unmatched }: Items,
  limit: number,
): Promise<void> {
  for (const side of SIDES) {
    const rows = await bench.rowsOf(side);
    const shown = unmatched[side].slice(0, limit).map((number) => rows.get(number)!);
    if (context.json) for (const row of shown) context.show({ kind: "unmatched", side, row }, () => []);
    else if (shown.length > 0) context.show({}, () => unmatchedTable(context, side as Side, shown));
  }
}

function showSteps(context: Context, bench: Bench): undefined {
  const { steps, undone } = bench.standing();
  if (context.json) {
    for (const { step, at, by, deed } of steps) {
      const { pairs, ...rest } = { pairs: undefined, ...deed };
      context.show(
        { step, at, by, undone: undone.has(step), ...rest, ...(pairs && { pairs: pairs.length }) },
        () => [],
      );
    }
  } else context.show({}, () => stepLines(context, bench.standing()));
  return undefined;
}

/** Writes a table to look through, with a column for the decision, which `confirm --file` and `refuse --file` take. */
async function writeReview(context: Context, input: Input, bench: Bench, path: string): Promise<undefined> {
  const pairs = chosen(input, bench.items());
  const [left, right] = [await bench.rowsOf("left"), await bench.rowsOf("right")];
  // With a byte order mark, so that spreadsheets read Chinese names as they are.
  writeFileSync(path, `\ufeff${[...reviewLines(pairs, left, right)].join("")}`);
  context.done({ pairs: pairs.length, file: path }, () =>
    context.say("reconcile.written", { count: pairs.length.toLocaleString(context.language), path }),
  );
  return undefined;
}
