import type { RowPair } from "@cityroot/reconcile/match";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { openTable } from "../import/table.ts";
import { lookAtText } from "../import/text-encoding.ts";
import type { Bench } from "./bench.ts";
import { parsePairId } from "./step.ts";

/** What people write into a column of decisions. */
const WORDS: { readonly [kind in "confirm" | "refuse"]: readonly string[] } = {
  confirm: ["confirm", "confirmed", "yes", "y", "ok", "1", "确认", "是"],
  refuse: ["refuse", "refused", "no", "n", "0", "拒绝", "否"],
};

const PART_ROWS = 1_000;

/**
 * Pairs of a table: by a column `pair`, or by the lists' own codes in `left_code` and `right_code`. Where it has a column `decision`,
 * only rows that say so there. A row that names no pair refuses the whole table: nothing of it is taken by halves.
 */
export async function readDecisions(
  context: Pick<Context, "say">,
  bench: Bench,
  path: string,
  kind: "confirm" | "refuse",
): Promise<readonly RowPair[]> {
  const { say } = context;
  const facts = await lookAtText(path, undefined);
  const { columns, parts } = await openTable(path, facts, PART_ROWS);
  const byCode = columns.includes("left_code") && columns.includes("right_code");
  if (!columns.includes("pair") && !byCode) {
    throw refusal(say, { row: 1, expected: "pair; left_code, right_code", got: columns.join(", ") });
  }
  const find = columns.includes("pair") ? undefined : await finderByCode(bench);
  const pairs: RowPair[] = [];
  for await (const part of parts) {
    for (const one of part) {
      if ("fault" in one) throw refusal(say, { row: one.row, expected: one.fault, got: one.got });
      const { values, row } = one;
      const word = values["decision"]?.normalize("NFKC").trim().toLowerCase();
      if (word !== undefined && !WORDS[kind].includes(word)) continue;
      const got = values["pair"] ?? `${values["left_code"]}, ${values["right_code"]}`;
      const pair = find === undefined ? parsePairId(got) : find(values["left_code"]!, values["right_code"]!);
      if (pair === undefined) throw refusal(say, { row, expected: say("reconcile.id.expected"), got });
      pairs.push(pair);
    }
  }
  return pairs;
}

/** Finds the rows of two codes; a code that several rows have names none of them. */
async function finderByCode(bench: Bench): Promise<(left: string, right: string) => RowPair | undefined> {
  const rowOf = async (side: "left" | "right"): Promise<ReadonlyMap<string, number>> => {
    const rows = new Map<string, number>();
    for (const { code, number } of (await bench.rowsOf(side)).values()) {
      rows.set(code.value, rows.has(code.value) ? 0 : number);
    }
    return rows;
  };
  const [lefts, rights] = [await rowOf("left"), await rowOf("right")];
  return (leftCode, rightCode) => {
    const [left, right] = [lefts.get(leftCode.trim()), rights.get(rightCode.trim())];
    return left && right ? { left, right } : undefined;
  };
}

function refusal(
  say: Context["say"],
  { row, expected, got }: { readonly row: number; readonly expected: string; readonly got: string },
): CommandFailure {
  const field = say("reconcile.fileRow", { row });
  return new CommandFailure({
    code: "DECISIONS_MALFORMED",
    exit: "usage",
    detail: say("error.malformed", { field, expected, got }),
    field,
    expected,
    got,
    fix: say("reconcile.decisions.fix"),
  });
}
