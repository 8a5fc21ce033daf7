import { parseCode } from "@cityroot/codes/ma/code";
import { isToken } from "@cityroot/core/attribute/token";
import { dayOption } from "../../alias/alias-options.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import type { Input } from "../../input.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { type Bench, withBench } from "../../reconcile/bench.ts";
import {
  type ClaimSettings,
  type ConfirmedPair,
  claimLines,
  confirmedPairs,
  evidenceLines,
  pairLines,
} from "../../reconcile/export-pairs.ts";
import { SIDES, type Side } from "../../reconcile/list-mapping.ts";
import { writeFileWhole } from "../../registry/write-file.ts";

const RELATIONS = ["same-as", "part-of", "located-at", "replaced-by"] as const;

export const command: CommandDefinition = {
  arguments: [
    { name: "<folder>", text: "argument.workbench" },
    { name: "<file>", text: "argument.pairsFile" },
  ],
  options: [
    { flags: "--claims", text: "option.claims" },
    { flags: "--claimant <prefix>", text: "option.claimant" },
    { flags: "--relation <relation>", text: "option.relation", choices: RELATIONS },
    { flags: "--target <side>", text: "option.target", choices: SIDES },
    { flags: "--system <system>", text: "option.claimSystem" },
    { flags: "--from <day>", text: "option.claimFrom" },
    { flags: "--until <day>", text: "option.claimUntil" },
  ],
  examples: [
    "cityroot reconcile export stops pairs.csv",
    "cityroot reconcile export stops claims.csv --claims --claimant MA.276.11000 --from 2026-12-01",
  ],
  run: async (context, input) => {
    const { io, say, language } = context;
    const folder = pathFrom(io.workingFolder, input.argument("folder"));
    const path = pathFrom(io.workingFolder, input.argument("file"));
    return withBench(context, folder, async (bench) => {
      const pairs = await confirmedPairs(bench);
      const claims = input.flag("claims") ? claimSettings(context, input, bench, pairs) : undefined;
      // People open the one with spreadsheets, which want the mark; programs read the other.
      const lines = claims === undefined ? ["\ufeff", ...pairLines(pairs)] : [...claimLines(pairs, claims)];
      const evidence = `${path}.evidence.jsonl`;
      writeFileWhole(evidence, [...evidenceLines(pairs)].join(""));
      writeFileWhole(path, lines.join(""));
      const count = pairs.length;
      context.done({ pairs: count, file: path, evidence, ...(claims && { claims }) }, () => [
        say(claims === undefined ? "reconcile.written" : "reconcile.claimsWritten", {
          count: count.toLocaleString(language),
          path,
        }),
        say("reconcile.evidence", { path: evidence }),
      ]);
      return undefined;
    });
  },
};

function claimSettings(
  context: Context,
  input: Input,
  bench: Bench,
  pairs: readonly ConfirmedPair[],
): ClaimSettings {
  const { say } = context;
  const target = (input.text("target") as Side | undefined) ?? targetOf(context, pairs);
  const odd = pairs.find((pair) => !parseCode(pair[target].code.value).ok);
  if (odd !== undefined) throw noTarget(say, target, odd[target].code.value);
  const system = input.text("system") ?? bench.workbench[target === "left" ? "right" : "left"].system;
  // Also the names that departments give their own codes.
  if (!isToken(system)) {
    throw optionMalformed(say, {
      field: "--system",
      expected: say("reconcile.claimSystem.expected"),
      got: system || say("error.nothing"),
      fix: say("reconcile.claimSystem.fix"),
    });
  }
  const claimant = input.text("claimant") ?? "";
  if (claimant !== "" && !parseCode(claimant).ok) {
    throw optionMalformed(say, { field: "--claimant", expected: "MA.156.1301", got: claimant });
  }
  const relation = input.text("relation") ?? "same-as";
  const from = dayOption(context, input, "from", "first") ?? "";
  const until = dayOption(context, input, "until", "last") ?? "";
  return { target, system, claimant, relation, from, until };
}

/** The side whose codes are MA codes, all of them. */
function targetOf({ say }: Context, pairs: readonly ConfirmedPair[]): Side {
  const isTarget = (side: Side): boolean => pairs.every((pair) => parseCode(pair[side].code.value).ok);
  const sides = SIDES.filter(isTarget);
  if (sides.length === 1) return sides[0]!;
  if (pairs.length === 0) return "left";
  if (sides.length === 0) throw noTarget(say, undefined, pairs[0]!.left.code.value);
  throw optionMalformed(say, {
    field: "--target",
    expected: SIDES.join(", "),
    got: say("error.nothing"),
    fix: say("reconcile.bothMa.fix"),
  });
}

function noTarget(say: Context["say"], side: Side | undefined, got: string): CommandFailure {
  return new CommandFailure({
    code: "NO_MA_CODES",
    exit: "usage",
    detail: say("reconcile.noMa", {
      side: side === undefined ? say("reconcile.neither") : say(`reconcile.${side}`),
    }),
    field: side ?? "left, right",
    expected: "MA.156.1301.02/60.10000000.1/000123",
    got,
    fix: say("reconcile.noMa.fix"),
  });
}
