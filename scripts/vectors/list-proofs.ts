// Lists below a prefix, and what a lying server could make of them.
import type { Code } from "@cityroot/codes/ma/code";
import type { Bundle } from "@cityroot/core/proof/bundle";
import { type ListPart, proveList } from "@cityroot/core/proof/prove";
import { type Run, STEP_BYTES } from "@cityroot/core/proof/run";
import type { MadeList } from "./make-proofs.ts";
import { HEAD, LAMPS, lamp, OLD, sealedBy } from "./proof-world.ts";

function prove(prefix: string, part: ListPart = { limit: 100 }, snapshot: typeof HEAD = HEAD): Bundle {
  return proveList(snapshot.source, prefix as Code, snapshot, part).bundle;
}

/** Honest lists, whole and in parts. */
export function honestLists(): MadeList[] {
  const whole = (name: string, prefix: string): MadeList => ({ name, prefix, bundle: prove(prefix) });
  const after = lamp("125");
  return [
    whole("a whole list", LAMPS),
    whole("a list of a range's code with what lies below it", lamp("125")),
    whole("an empty list", "MA.156.1302"),
    whole("an empty list after the last code", "MA.999"),
    { name: "a first part", prefix: LAMPS, bundle: prove(LAMPS, { limit: 3 }) },
    { name: "a part in the middle", prefix: LAMPS, after, bundle: prove(LAMPS, { limit: 3, after }) },
    { name: "a last part", prefix: LAMPS, after, bundle: prove(LAMPS, { limit: 100, after }) },
  ];
}

/** Forged lists. */
export function forgedLists(): MadeList[] {
  const whole = prove(LAMPS);
  const [run] = whole.runs as [Run];
  const last = run.entries.length - 1;
  const { source } = HEAD;
  const keyAt = (at: number) => run.entries[at]!.key;
  const list = (name: string, ...runs: readonly Run[]): MadeList => {
    return { name, prefix: LAMPS, bundle: { ...whole, runs } };
  };
  const without = (at: number): Run => ({ ...run, entries: run.entries.toSpliced(at, 1) });
  const short = source.runOf(keyAt(0), keyAt(4));
  const leftOnly: number[] = [];
  for (let at = 0; at < short.path.length; at += STEP_BYTES) {
    if (short.path[at + 1]! % 2 === 0) leftOnly.push(...short.path.subarray(at, at + STEP_BYTES));
  }
  const after = lamp("5");
  return [
    list("the first code left out", without(1)),
    list("a code in the middle left out", without(4)),
    list("the last code left out", without(last - 1)),
    list("two runs with a gap", source.runOf(keyAt(0), keyAt(3)), source.runOf(keyAt(5), keyAt(last))),
    list("cut short and called complete", { ...short, path: new Uint8Array(leftOnly) }),
    list("begun late", source.runOf(keyAt(2), keyAt(last))),
    list("no run"),
    {
      name: "begun after another code",
      prefix: LAMPS,
      after,
      bundle: prove(LAMPS, { limit: 9, after: lamp("7") }),
    },
    { name: "another prefix's list", prefix: LAMPS, bundle: prove("MA.156.1302") },
    {
      name: "an older state's list",
      prefix: LAMPS,
      bundle: { ...prove(LAMPS, { limit: 100 }, OLD), ...sealedBy(HEAD) },
    },
    {
      name: "a list under a checkpoint that is not sealed",
      prefix: LAMPS,
      bundle: { ...whole, sealPath: [] },
    },
    {
      name: "an older checkpoint's list",
      prefix: LAMPS,
      notBefore: { height: HEAD.checkpoint.height },
      bundle: prove(LAMPS, { limit: 100 }, OLD),
    },
  ];
}
