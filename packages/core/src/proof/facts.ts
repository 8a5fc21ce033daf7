import { equalBytes } from "../hex.ts";
import type { StateKey } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import { type Proven, proven, unproven } from "./failure.ts";
import { type Run, type RunEdges, rootOfRun, showsAbsence } from "./run.ts";

/** What runs show of a state: which entries are in it, and which keys are not. Spec §5.9. */
export type Facts = {
  /** The value of a key, null where the runs show that it has none, undefined where they show neither. */
  readonly valueOf: (key: StateKey) => Uint8Array | null | undefined;
  /** The entry right before a key, null where there is none, undefined where the runs do not show it. */
  readonly before: (key: StateKey) => StateEntry | null | undefined;
};

/** The facts of runs that all lead to one state root. */
export function factsOf(runs: readonly Run[], stateRoot: Uint8Array): Proven<Facts> {
  const values = new Map<StateKey, Uint8Array>();
  const checked: { readonly run: Run; readonly edges: RunEdges }[] = [];
  for (const [at, run] of runs.entries()) {
    const edges = rootOfRun(run);
    if (edges === undefined) return unproven("run-invalid", `run ${at} is malformed`);
    if (!equalBytes(edges.root, stateRoot)) {
      return unproven("run-invalid", `run ${at} does not lead to the state root of the checkpoint`);
    }
    for (const { key, value } of run.entries) values.set(key, value);
    checked.push({ run, edges });
  }
  return proven({
    valueOf: (key) => {
      const value = values.get(key);
      if (value !== undefined) return value;
      return checked.some(({ run, edges }) => showsAbsence(run, edges, key)) ? null : undefined;
    },
    before: (key) => {
      for (const { run, edges } of checked) {
        const found = entryBefore(run, edges, key);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  });
}

/** The entry before a key where a run shows what stands there: the key lies between two of its entries or is one. */
function entryBefore({ entries }: Run, edges: RunEdges, key: StateKey): StateEntry | null | undefined {
  for (let at = 0; at <= entries.length; at++) {
    const left = entries[at - 1];
    const right = entries[at];
    const reaches = right === undefined ? edges.endsTree : key <= right.key;
    if (!reaches) continue;
    return left ?? (edges.startsTree ? null : undefined);
  }
  return undefined;
}
