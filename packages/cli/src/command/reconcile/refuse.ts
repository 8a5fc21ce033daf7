import type { CommandDefinition } from "../../command-definition.ts";
import { pathFrom } from "../../global-options.ts";
import { withBench } from "../../reconcile/bench.ts";
import { DECIDE_OPTIONS, decide } from "../../reconcile/decide.ts";
import { countItems } from "../../reconcile/item.ts";
import { decidedLines } from "../../reconcile/item-lines.ts";

export const command: CommandDefinition = {
  arguments: [
    { name: "<folder>", text: "argument.workbench" },
    { name: "[pairs...]", text: "argument.pairs" },
  ],
  options: DECIDE_OPTIONS,
  examples: [
    "cityroot reconcile refuse stops 12-45 13-44",
    "cityroot reconcile refuse stops --max-score 650",
    "cityroot reconcile refuse stops --file look-at.csv",
  ],
  run: async (context, input) => {
    const folder = pathFrom(context.io.workingFolder, input.argument("folder"));
    return withBench(context, folder, async (bench) => {
      const decided = await decide(context, input, bench, "refuse");
      const items = bench.items();
      const { pairs, already, step } = decided;
      context.done({ refused: pairs, already, step: step?.step ?? null, counts: countItems(items) }, () =>
        decidedLines(context, "refuse", decided, items),
      );
      return undefined;
    });
  },
};
