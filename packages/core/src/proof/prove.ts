import type { Code } from "@cityroot/codes/ma/code";
import { ancestorsOf } from "@cityroot/codes/ma/prefix";
import type { ItemProof } from "../operation/standing.ts";
import { couldBeItem, intervalAround } from "../operation/standing.ts";
import { decodeVersioned, type Version } from "../state/entry.ts";
import type { Interval } from "../state/interval.ts";
import {
  codeKey,
  holderKey,
  isKeyAtOrBelow,
  KEY_KINDS,
  NETWORK_KEY,
  prefixKey,
  type StateKey,
} from "../state/key.ts";
import { decodePrefix } from "../state/prefix.ts";
import { isRecord, withinOf } from "../state/record.ts";
import type { StateView } from "../state/view.ts";
import type { AsOf } from "./answer.ts";
import type { Bundle, SealedNote, VersionProof } from "./bundle.ts";
import type { Run } from "./run.ts";

/** What a prover reads: one state, with the means to show that it is the checkpoint's. */
export type ProofSource = StateView & {
  /** The run of all entries from `first` to `last`, both of which are in the state. */
  readonly runOf: (first: StateKey, last: StateKey) => Run;
  /**
   * Earlier versions of an entry that show what held at a moment: newest first, the version that follows it before it,
   * unless that is the current one.
   */
  readonly versionsOf: (key: StateKey, current: Version, asOf: AsOf) => readonly VersionProof[];
  /** A batch's item of this code, or the items on both sides of where it would be; empty when they are not at hand. */
  readonly itemsOf: (batch: Interval & { type: "batch" }, code: Code) => readonly ItemProof[];
};

/** What to show besides how the code stands. */
export type ProveOptions = {
  readonly asOf?: AsOf;
  /** Show the prefixes above the code and their holders, too. */
  readonly delegations?: boolean;
  /** Show the network's entry, too: of which network the state is. */
  readonly network?: boolean;
};

/** Shows how a code stands: what {@link verifyAnswer} needs, and no more. Spec §5.12. */
export function proveAnswer(
  source: ProofSource,
  code: Code,
  { note, sealPath }: SealedNote,
  options: ProveOptions = {},
): Bundle {
  const key = codeKey(code);
  const own = source.get(key);
  const runs: Run[] = [runAround(source, key)];
  const versions: VersionProof[] = [];
  let items: readonly ItemProof[] = [];
  if (own !== undefined && isRecord(own)) {
    const current = options.asOf === undefined ? undefined : decodeVersioned(own)?.version;
    if (current !== undefined) versions.push(...source.versionsOf(key, current, options.asOf!));
  } else {
    const named = own === undefined ? intervalNamedBefore(source, key) : undefined;
    if (named !== undefined) addRun(runs, source.runOf(named, named));
    const interval = intervalAround(source, key);
    if (interval?.type === "batch" && couldBeItem(interval, code)) items = source.itemsOf(interval, code);
  }
  if (options.delegations === true) addDelegations(runs, source, code);
  if (options.network === true) addRun(runs, source.runOf(NETWORK_KEY, NETWORK_KEY));
  return { note, sealPath, runs, items, versions };
}

/** A run that holds a key's entry, or its neighbours where it has none. */
export function runAround(source: ProofSource, key: StateKey): Run {
  if (source.get(key) !== undefined) return source.runOf(key, key);
  const before = source.before(key)?.key;
  const after = source.after(key)?.key;
  return source.runOf((before ?? after)!, (after ?? before)!);
}

/**
 * Key of the interval that the record before a key names. It is shown also where it does not reach as far as the key,
 * since nothing else shows that it does not.
 */
function intervalNamedBefore(source: ProofSource, key: StateKey): StateKey | undefined {
  const left = source.before(key);
  if (left === undefined || left.key.charCodeAt(0) !== KEY_KINDS.code || !isRecord(left.value))
    return undefined;
  const within = withinOf(left.value);
  return within === null ? undefined : codeKey(within);
}

/** Adds what shows each node above a code to be a prefix, with its holder, or none. */
function addDelegations(runs: Run[], source: ProofSource, code: Code): void {
  for (const prefix of [code, ...ancestorsOf(code)]) {
    const key = prefixKey(prefix);
    addRun(runs, runAround(source, key));
    const bytes = source.get(key);
    const entry = bytes === undefined ? undefined : decodePrefix(bytes);
    if (entry === undefined) continue;
    const holder = holderKey(entry.holder);
    addRun(runs, source.runOf(holder, holder));
  }
}

/** Adds a run unless one of the same entries is there, or one that holds its only entry. */
function addRun(runs: Run[], run: Run): void {
  const first = run.entries[0]!.key;
  const last = run.entries[run.entries.length - 1]!.key;
  const isThere = runs.some(({ entries }) => {
    if (first === last) return entries.some(({ key }) => key === first);
    return entries[0]!.key === first && entries[entries.length - 1]!.key === last;
  });
  if (!isThere) runs.push(run);
}

/** A part of the list of what lies at or below a prefix: where it begins and how much it holds at most. */
export type ListPart = {
  /** The code after which the part begins; the list's beginning when absent. */
  readonly after?: Code;
  /** Most entries. */
  readonly limit: number;
  /** A part ends with the entry that brings its values to so many bytes, or beyond; as many as there are when absent. */
  readonly bytesMax?: number;
};

/** A part of a list, with the bundle that shows that nothing is left out of it. */
export type ProvenPart = { readonly bundle: Bundle; readonly keys: readonly StateKey[] };

/**
 * Shows the entries at or below a prefix, in order, without a gap: the run begins with the entry before them and ends
 * with the one after them, or where the limit cuts it. Spec §5.14.
 */
export function proveList(
  source: ProofSource,
  prefix: Code,
  { note, sealPath }: SealedNote,
  part: ListPart,
): ProvenPart {
  const stem = codeKey(prefix);
  const after = part.after === undefined ? undefined : codeKey(part.after);
  const from = after === undefined || after < stem ? undefined : after;
  const keys: StateKey[] = [];
  const own = from === undefined ? source.get(stem) : undefined;
  let at = own === undefined ? source.after(from ?? stem) : { key: stem, value: own };
  let bytes = 0;
  while (at !== undefined && isKeyAtOrBelow(at.key, stem) && keys.length < part.limit) {
    if (bytes >= (part.bytesMax ?? Number.POSITIVE_INFINITY)) break;
    keys.push(at.key);
    bytes += at.value.length;
    at = source.after(at.key);
  }
  const isShown = from !== undefined && source.get(from) !== undefined;
  const begin = isShown ? from : source.before(keys[0] ?? from ?? stem)?.key;
  // What follows a part that the limit cuts is of the next part.
  const end = at !== undefined && !isKeyAtOrBelow(at.key, stem) ? at.key : keys[keys.length - 1];
  const first = begin ?? keys[0] ?? end;
  const runs = [source.runOf(first!, (end ?? first)!)];
  return { bundle: { note, sealPath, runs, items: [], versions: [] }, keys };
}
