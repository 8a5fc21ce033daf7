import { setImmediate } from "node:timers/promises";
import { type Matching, type MatchParameters, matchTables } from "@cityroot/reconcile/match";
import { DEFAULT_SETTINGS, RADIUS_METRES_MAX, SCORE_MAX } from "@cityroot/reconcile/settings";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { pathFrom } from "../../global-options.ts";
import { withBench } from "../../reconcile/bench.ts";
import { byOf } from "../../reconcile/decide.ts";
import { countItems } from "../../reconcile/item.ts";
import { countLine } from "../../reconcile/item-lines.ts";
import { writeProposals } from "../../reconcile/proposals-file.ts";
import { parsePairId } from "../../reconcile/step.ts";

/** How often others get their turn. */
const TURN_MS = 50;

export const command: CommandDefinition = {
  arguments: [{ name: "<folder>", text: "argument.workbench" }],
  options: [
    { flags: "--min-score <score>", text: "option.proposeMinScore" },
    { flags: "--margin <points>", text: "option.margin" },
    { flags: "--radius <metres>", text: "option.radius" },
    { flags: "--by <name>", text: "option.stepBy" },
  ],
  examples: [
    "cityroot reconcile propose stops",
    "cityroot reconcile propose stops --min-score 700 --radius 200",
  ],
  run: async (context, input) => {
    const { io } = context;
    const folder = pathFrom(io.workingFolder, input.argument("folder"));
    const settings = {
      scoreMin: input.count("min-score", 1, SCORE_MAX) ?? DEFAULT_SETTINGS.scoreMin,
      marginMin: input.count("margin", 1, SCORE_MAX) ?? DEFAULT_SETTINGS.marginMin,
      radiusMetres: input.count("radius", 1, RADIUS_METRES_MAX) ?? DEFAULT_SETTINGS.radiusMetres,
    };
    return withBench(context, folder, async (bench) => {
      const [left, right] = [await bench.rowsOf("left"), await bench.rowsOf("right")];
      const decided = [...bench.standing().decisions];
      const pairsOf = (kind: "confirmed" | "refused") =>
        decided.filter(([, decision]) => decision.kind === kind).map(([id]) => parsePairId(id)!);
      const found = await runMatching(context, {
        left: [...left.values()],
        right: [...right.values()],
        settings,
        confirmed: pairsOf("confirmed"),
        refused: pairsOf("refused"),
      });
      const file = `proposals-${bench.standing().steps.length + 1}.jsonl`;
      const sha256 = writeProposals(folder, file, found);
      const counts = { pairs: found.proposals.length, compared: found.compared };
      const { step } = bench.add(
        { kind: "propose", file, sha256, settings, counts },
        byOf(context, input),
        found,
      );
      const items = bench.items();
      const rows = { left: left.size, right: right.size };
      context.done({ step, ...countItems(items), compared: found.compared, rows, settings }, () =>
        countLine(context, items),
      );
      return undefined;
    });
  },
};

/** Runs a matching, shows how far it is, and ends when the user interrupts. */
async function runMatching(context: Context, parameters: MatchParameters): Promise<Matching> {
  const { say } = context;
  const steps = matchTables(parameters);
  let shown: { readonly step: string; readonly bar: ReturnType<Context["progress"]> } | undefined;
  let turnMs = performance.now();
  try {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      const { done, total, step: name } = step.value;
      if (shown?.step !== name) {
        shown?.bar.stop();
        shown = { step: name, bar: context.progress(say(`reconcile.step.${name}`), total) };
      }
      shown.bar.update(done);
      if (performance.now() - turnMs < TURN_MS) continue;
      await setImmediate();
      context.throwIfInterrupted();
      turnMs = performance.now();
    }
  } finally {
    shown?.bar.stop();
  }
}
