import type { Row } from "@cityroot/reconcile/row";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { lockJournal } from "../import/import-lock.ts";
import { type Items, itemsOf } from "./item.ts";
import { JournalDamagedError, journalPath, openJournal, type WorkbenchJournal } from "./journal.ts";
import type { Side } from "./list-mapping.ts";
import { NO_PROPOSALS, type Proposals, readProposals } from "./proposals-file.ts";
import { type Deed, type Standing, type Step, standingOf } from "./step.ts";
import { damaged, openWorkbench, readWorkbenchList, type Workbench } from "./workbench.ts";

/** A workbench with its journal, as commands work with it. */
export type Bench = {
  readonly workbench: Workbench;
  readonly standing: () => Standing;
  readonly proposalsOf: (step: number) => Proposals;
  readonly items: () => Items;
  /** The rows of a list by their numbers, read once. */
  readonly rowsOf: (side: Side) => Promise<ReadonlyMap<number, Row>>;
  /** Adds a step and gives it when it is on the disk; `proposals` are those of the step, where it has some. */
  readonly add: (deed: Deed, by: string, proposals?: Proposals) => Step;
};

/** Works with a workbench that nobody else works with meanwhile. */
export async function withBench<T>(
  context: Context,
  folder: string,
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const workbench = openWorkbench(context, folder);
  const release = lockBench(context, folder);
  try {
    return await work(benchOf(context, workbench, openJournalOf(context, folder)));
  } finally {
    release();
  }
}

function benchOf(context: Context, workbench: Workbench, journal: WorkbenchJournal): Bench {
  const { say, io } = context;
  if (journal.wasCut) context.note(say("reconcile.cut"));
  let standing = standingOf(journal.steps);
  const read = new Map<number, Proposals>();
  const lists = new Map<Side, Promise<ReadonlyMap<number, Row>>>();
  const proposalsOf = (number: number): Proposals => {
    const known = read.get(number);
    if (known !== undefined) return known;
    const deed = journal.steps[number - 1]?.deed;
    if (deed?.kind !== "propose") return NO_PROPOSALS;
    const proposals = readProposals(workbench.folder, deed);
    if (proposals === undefined) throw damaged(say, `${workbench.folder}/${deed.file}`);
    read.set(number, proposals);
    return proposals;
  };
  return {
    workbench,
    standing: () => standing,
    proposalsOf,
    items: () => itemsOf(standing, proposalsOf),
    rowsOf: (side) => {
      const list = lists.get(side) ?? numbered(context, workbench, side);
      lists.set(side, list);
      return list;
    },
    add: (deed, by, proposals) => {
      const step = journal.add({ at: new Date(io.now()).toISOString(), by, deed });
      if (proposals !== undefined) read.set(step.step, proposals);
      standing = standingOf(journal.steps);
      return step;
    },
  };
}

async function numbered(
  context: Context,
  workbench: Workbench,
  side: Side,
): Promise<ReadonlyMap<number, Row>> {
  const { rows } = await readWorkbenchList(context, workbench, side);
  return new Map(rows.map((row) => [row.number, row]));
}

function openJournalOf({ say }: Context, folder: string): WorkbenchJournal {
  try {
    return openJournal(folder);
  } catch (error) {
    if (error instanceof JournalDamagedError) throw damaged(say, journalPath(folder));
    throw error;
  }
}

function lockBench({ say }: Context, folder: string): () => void {
  try {
    return lockJournal(folder);
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "HomeInUseError") throw cause;
    throw new CommandFailure(
      {
        code: "WORKBENCH_IN_USE",
        exit: "conflict",
        detail: say("reconcile.inUse", { folder }),
        field: "folder",
        expected: say("reconcile.inUse.expected"),
        got: folder,
        fix: say("reconcile.inUse.fix"),
      },
      { cause },
    );
  }
}
