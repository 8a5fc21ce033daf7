import { judgePairs } from "@cityroot/reconcile/match";
import type { Row } from "@cityroot/reconcile/row";
import { DEFAULT_SETTINGS } from "@cityroot/reconcile/settings";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { type Bench, withBench } from "../../reconcile/bench.ts";
import { pairOf } from "../../reconcile/decide.ts";
import { confirmedPair } from "../../reconcile/export-pairs.ts";
import type { PairItem } from "../../reconcile/item.ts";
import { pairFacts } from "../../reconcile/item-lines.ts";
import { pairId } from "../../reconcile/step.ts";
import { writeFileWhole } from "../../registry/write-file.ts";

export const command: CommandDefinition = {
  arguments: [
    { name: "<folder>", text: "argument.workbench" },
    { name: "<pair>", text: "argument.pair" },
  ],
  options: [{ flags: "--evidence <file>", text: "option.evidenceFile" }],
  examples: [
    "cityroot reconcile show stops 12-45",
    "cityroot reconcile show stops 12-45 --evidence 12-45.cbor",
  ],
  run: async (context, input) => {
    const { io } = context;
    const folder = pathFrom(io.workingFolder, input.argument("folder"));
    const pair = pairOf(context, input.argument("pair"));
    const file = input.text("evidence");
    return withBench(context, folder, async (bench) => {
      const id = pairId(pair);
      const [left, right] = [
        (await bench.rowsOf("left")).get(pair.left),
        (await bench.rowsOf("right")).get(pair.right),
      ];
      if (left === undefined || right === undefined) throw noRow(context, id);
      const known = bench.items().pairs.find((item) => item.id === id);
      const judged = known ?? (await judgeNow(bench, pair));
      const confirmed = known?.kind === "confirmed" ? confirmedPair(bench, known, left, right) : undefined;
      if (file !== undefined) {
        if (confirmed === undefined) throw notConfirmed(context, id);
        writeFileWhole(pathFrom(io.workingFolder, file), confirmed.document);
      }
      const kind = known?.kind ?? null;
      const { score, reasons } = judged;
      const step = known?.decision?.step;
      context.show(
        {
          id,
          kind,
          score,
          left,
          right,
          reasons,
          step: step?.step ?? null,
          evidence: confirmed?.digest ?? null,
        },
        () => pairFacts(context, { id, kind, score, reasons, step, left, right, digest: confirmed?.digest }),
      );
      return undefined;
    });
  },
};

/** A pair that was not proposed is judged as those that were. */
async function judgeNow(
  bench: Bench,
  pair: { readonly left: number; readonly right: number },
): Promise<Pick<PairItem, "score" | "reasons">> {
  const deed = bench.standing().proposals?.deed;
  const settings = deed?.kind === "propose" ? deed.settings : DEFAULT_SETTINGS;
  const rows = async (side: "left" | "right"): Promise<readonly Row[]> => [
    ...(await bench.rowsOf(side)).values(),
  ];
  return judgePairs({ left: await rows("left"), right: await rows("right"), settings }, [pair])[0]!;
}

function noRow({ say }: Context, id: string): CommandFailure {
  return new CommandFailure({
    code: "PAIR_UNKNOWN",
    exit: "notFound",
    detail: say("reconcile.noRow", { id }),
    field: "pair",
    expected: say("reconcile.noRow.expected"),
    got: id,
    fix: say("reconcile.id.fix"),
  });
}

function notConfirmed({ say }: Context, id: string): CommandFailure {
  return new CommandFailure({
    code: "PAIR_NOT_CONFIRMED",
    exit: "conflict",
    detail: say("reconcile.noEvidence", { id }),
    field: "--evidence",
    expected: say("reconcile.noEvidence.expected"),
    got: id,
    fix: say("reconcile.noEvidence.fix", { id }),
  });
}
