import { resolve as resolvePath } from "node:path";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { pathFrom } from "../global-options.ts";
import { lookAtTable } from "../import/run-table.ts";
import { openTable } from "../import/table.ts";
import type { Input } from "../input.ts";
import { csvLine, forPeople } from "../reconcile/csv-text.ts";
import { writeFileWhole } from "../registry/write-file.ts";
import { byKey, type Proposal } from "./propose-successors.ts";
import type { Periods } from "./read-periods.ts";

/** Columns of a file of successors. The two that are read again are `period` and `successor`. */
const COLUMNS = ["period", "name", "until", "successor", "successor_name", "successor_from", "reason"];
const READ = ["period", "successor"] as const;
const PART_ROWS = 1_000;

/** Writes what is proposed, for people to judge: whoever agrees with a row leaves it, and gives the file back. */
export function writeProposals(path: string, proposals: readonly Proposal[]): void {
  const lines = [...proposals].sort(byKey).map(({ period, successor, reason }) => {
    const of = [period.key, forPeople(period.name), period.until ?? ""];
    return csvLine([...of, successor.key, forPeople(successor.name), successor.from ?? "", reason]);
  });
  writeFileWhole(path, csvLine(COLUMNS) + lines.join(""));
}

/** Successors by the keys of periods, from a file of them; several rows of one period are its several successors. */
export async function readSuccessors(
  context: Context,
  input: Input,
  { periods, proposalsPath }: { readonly periods: Periods; readonly proposalsPath: string },
): Promise<ReadonlyMap<string, string>> {
  const { say, io } = context;
  const named = input.text("successors");
  const found = new Map<string, string>();
  if (named === undefined) return found;
  const path = pathFrom(io.workingFolder, named);
  const refuse = (expected: string, got: string): CommandFailure =>
    new CommandFailure({
      code: "SUCCESSORS_MALFORMED",
      exit: "usage",
      detail: say("error.malformed", { field: "--successors", expected, got }),
      field: "--successors",
      expected,
      got,
      fix: say("import.history.successors.fix"),
    });
  // Proposals are written anew by every run: what people judged is not to be lost by that.
  if (resolvePath(path) === resolvePath(proposalsPath)) {
    throw refuse(say("import.history.successors.another"), named);
  }
  const table = await openTable(path, await lookAtTable(context, input, path), PART_ROWS);
  if (!READ.every((column) => table.columns.includes(column))) {
    throw refuse(READ.join(", "), table.columns.join(", "));
  }
  for await (const part of table.parts) {
    for (const row of part) {
      if ("fault" in row) throw refuse(COLUMNS.join(","), `${row.row}: ${row.fault}`);
      const [period = "", successor = ""] = READ.map((column) => row.values[column]?.trim() ?? "");
      if (successor === "") continue;
      if (!periods.byKey.has(period)) throw refuse(say("import.history.successors.expected"), period);
      const before = found.get(period);
      found.set(period, before === undefined ? successor : `${before};${successor}`);
    }
  }
  return found;
}
