import type { RowPair } from "@cityroot/reconcile/match";
import { judgePairs } from "@cityroot/reconcile/match";
import { DEFAULT_SETTINGS, SCORE_MAX } from "@cityroot/reconcile/settings";
import type { OptionDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import type { Bench } from "./bench.ts";
import { readDecisions } from "./decisions-file.ts";
import { findProposal } from "./item.ts";
import { clashOf, type JudgedPair, pairId, parsePairId, type Step, standingOf } from "./step.ts";

/** Options of `confirm` and `refuse`. */
export const DECIDE_OPTIONS: readonly OptionDefinition[] = [
  { flags: "--min-score <score>", text: "option.minScore" },
  { flags: "--max-score <score>", text: "option.maxScore" },
  { flags: "--file <file>", text: "option.decisions" },
  { flags: "--by <name>", text: "option.stepBy" },
];

/** What came of deciding. */
export type Decided = {
  /** The step, where anything changed. */
  readonly step: Step | undefined;
  readonly pairs: number;
  /** Pairs that stood so already. */
  readonly already: number;
};

/** Decides pairs as the arguments say: by ids, by a file, or all proposed ones of some scores. One step, or none. */
export async function decide(
  context: Context,
  input: Input,
  bench: Bench,
  kind: "confirm" | "refuse",
): Promise<Decided> {
  const chosen = await choosePairs(context, input, bench, kind);
  const { decisions, proposals } = bench.standing();
  const wanted = kind === "confirm" ? "confirmed" : "refused";
  const open = new Map(
    chosen.filter((pair) => decisions.get(pairId(pair))?.kind !== wanted).map((pair) => [pairId(pair), pair]),
  );
  const already = new Set(chosen.map(pairId)).size - open.size;
  if (open.size === 0) return { step: undefined, pairs: 0, already };
  const pairs = [...open.values()];
  const judged = await judgeOthers(context, bench, pairs);
  const deed = {
    kind,
    proposals: proposals?.step ?? 0,
    pairs: pairs.map(({ left, right }) => [left, right] as const),
    judged,
  };
  if (kind === "confirm") refuseClash(context, bench, { step: 0, at: "", by: "", deed });
  const step = bench.add(deed, byOf(context, input));
  return { step, pairs: pairs.length, already };
}

/** Who acts: as they say, else as the machine does. */
export function byOf({ io }: Context, input: Input): string {
  return input.text("by") ?? io.env["USER"] ?? io.env["LOGNAME"] ?? io.env["USERNAME"] ?? "";
}

/** Refuses a step after which a row would be confirmed twice. */
export function refuseClash({ say }: Context, bench: Bench, step: Step): void {
  const { steps } = bench.standing();
  const clash = clashOf(standingOf([...steps, { ...step, step: steps.length + 1 }]).decisions);
  if (clash === undefined) return;
  const [before, after] = clash.ids;
  throw new CommandFailure({
    code: "ROW_CONFIRMED",
    exit: "conflict",
    detail: say("reconcile.clash", { side: say(`reconcile.${clash.side}`), row: clash.row, before, after }),
    field: after,
    expected: say("reconcile.clash.expected"),
    got: `${before}, ${after}`,
    fix: say("reconcile.clash.fix", { before }),
  });
}

async function choosePairs(
  context: Context,
  input: Input,
  bench: Bench,
  kind: "confirm" | "refuse",
): Promise<readonly RowPair[]> {
  const { say, io } = context;
  const ids = input.argumentList("pairs");
  const file = input.text("file");
  const min = input.count("min-score", 0, SCORE_MAX);
  const max = input.count("max-score", 0, SCORE_MAX);
  const isByScore = min !== undefined || max !== undefined;
  const ways = [ids.length > 0, file !== undefined, isByScore].filter(Boolean).length;
  if (ways !== 1) {
    throw new CommandFailure({
      code: "USAGE",
      exit: "usage",
      detail: say("reconcile.which"),
      field: "pairs",
      expected: say("reconcile.which.expected"),
      got: ways === 0 ? say("error.nothing") : say("reconcile.which.several"),
      fix: say("error.seeHelp"),
    });
  }
  if (file !== undefined) return readDecisions(context, bench, pathFrom(io.workingFolder, file), kind);
  if (ids.length > 0) return ids.map((id) => pairOf(context, id));
  return bench
    .items()
    .pairs.filter(
      (pair) => pair.kind === "proposed" && pair.score >= (min ?? 0) && pair.score <= (max ?? SCORE_MAX),
    );
}

/** The pair of an id that a user typed. */
export function pairOf({ say }: Pick<Context, "say">, id: string): RowPair {
  const pair = parsePairId(id);
  if (pair !== undefined) return pair;
  const expected = say("reconcile.id.expected");
  throw new CommandFailure({
    code: "PAIR_MALFORMED",
    exit: "usage",
    detail: say("error.malformed", { field: "pair", expected, got: id }),
    field: "pair",
    expected,
    got: id,
    fix: say("reconcile.id.fix"),
  });
}

/** Judges the pairs that were not proposed, so that what is decided has its reasons. */
async function judgeOthers(
  context: Context,
  bench: Bench,
  pairs: readonly RowPair[],
): Promise<readonly JudgedPair[]> {
  const { proposals } = bench.standing();
  const current = bench.proposalsOf(proposals?.step ?? 0);
  const others = pairs.filter((pair) => findProposal(current, pairId(pair)) === undefined);
  if (others.length === 0) return [];
  const [left, right] = [await bench.rowsOf("left"), await bench.rowsOf("right")];
  const missing = others.find((pair) => !left.has(pair.left) || !right.has(pair.right));
  if (missing !== undefined) {
    const { say } = context;
    throw new CommandFailure({
      code: "PAIR_UNKNOWN",
      exit: "notFound",
      detail: say("reconcile.noRow", { id: pairId(missing) }),
      field: "pair",
      expected: say("reconcile.noRow.expected"),
      got: pairId(missing),
      fix: say("reconcile.id.fix"),
    });
  }
  const deed = proposals?.deed;
  const settings = deed?.kind === "propose" ? deed.settings : DEFAULT_SETTINGS;
  return judgePairs({ left: [...left.values()], right: [...right.values()], settings }, others);
}
