import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { withBench } from "../../reconcile/bench.ts";
import { byOf, refuseClash } from "../../reconcile/decide.ts";
import { countItems } from "../../reconcile/item.ts";
import { countLine } from "../../reconcile/item-lines.ts";
import type { Standing, Step } from "../../reconcile/step.ts";

export const command: CommandDefinition = {
  arguments: [
    { name: "<folder>", text: "argument.workbench" },
    { name: "[step]", text: "argument.step" },
  ],
  options: [{ flags: "--by <name>", text: "option.stepBy" }],
  examples: ["cityroot reconcile undo stops", "cityroot reconcile undo stops 3"],
  run: async (context, input) => {
    const folder = pathFrom(context.io.workingFolder, input.argument("folder"));
    return withBench(context, folder, async (bench) => {
      const undone = stepOf(context, bench.standing(), input.optionalArgument("step"));
      const deed = { kind: "undo", step: undone.step } as const;
      refuseClash(context, bench, { step: 0, at: "", by: "", deed });
      const { step } = bench.add(deed, byOf(context, input));
      const items = bench.items();
      const kind = context.say(`reconcile.did.${undone.deed.kind}`);
      context.done({ undone: undone.step, step, counts: countItems(items) }, () => [
        context.say("reconcile.undone", { step: undone.step, kind }),
        countLine(context, items),
      ]);
      return undefined;
    });
  },
};

/** The step that is named, or the last one that stands and is no undoing. The first one made the workbench and stays. */
function stepOf({ say }: Context, { steps, undone }: Standing, named: string | undefined): Step {
  const last = steps.findLast(({ step, deed }) => deed.kind !== "undo" && !undone.has(step));
  const number = named === undefined ? last?.step : /^[0-9]{1,9}$/.test(named) ? Number(named) : undefined;
  const found = steps.find(({ step }) => step === number);
  if (found !== undefined && found.deed.kind !== "open" && !undone.has(found.step)) return found;
  throw new CommandFailure({
    code: "STEP_UNKNOWN",
    exit: "notFound",
    detail: say("reconcile.noStep"),
    field: "step",
    expected: say("reconcile.noStep.expected"),
    got: named ?? say("error.nothing"),
    fix: say("reconcile.noStep.fix"),
  });
}
