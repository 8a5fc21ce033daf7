import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "../hex.ts";
import { ReferenceTree } from "../log/reference.testing.ts";
import { leafHash, rootOf } from "../log/tree.ts";
import { type BatchItem, encodeItem } from "../operation/batch-item.ts";
import type { ItemProof } from "../operation/standing.ts";
import { decodeVersioned, type Moment, type Version } from "../state/entry.ts";
import type { Interval } from "../state/interval.ts";
import { codeKey, type StateKey } from "../state/key.ts";
import { type MemoryState, memoryState } from "../state/memory.ts";
import type { StateEntry } from "../state/view.ts";
import type { AsOf } from "./answer.ts";
import type { VersionProof } from "./bundle.ts";
import type { ProofSource } from "./prove.ts";
import { buildStateTree, type StateTree } from "./state-tree.testing.ts";

/** All that was ever written under a key, oldest first. */
export type VersionBook = { readonly versionsOf: (key: StateKey) => readonly Uint8Array[] };

/** Watches a state from now on: every write is kept. */
export function keepVersions(state: MemoryState): VersionBook {
  const book = new Map<StateKey, Uint8Array[]>();
  const keep = (key: StateKey, value: Uint8Array): void => {
    book.set(key, [...(book.get(key) ?? []), value]);
  };
  for (const { key, value } of state.entries()) keep(key, value);
  const { set } = state;
  Object.assign(state, {
    set: (key: StateKey, value: Uint8Array) => {
      keep(key, value);
      set(key, value);
    },
  });
  return { versionsOf: (key) => book.get(key) ?? [] };
}

/** The items of batches, by the batch's root. */
export type ItemBook = {
  /** Takes in the items of a batch, in order of code, and gives what its operation says of them. */
  readonly add: (items: readonly BatchItem[]) => {
    readonly first: Code;
    readonly last: Code;
    readonly count: number;
    readonly root: Uint8Array;
  };
  readonly codesOf: (root: Uint8Array) => readonly Code[];
  readonly itemOf: (root: Uint8Array, code: Code) => BatchItem | undefined;
  readonly proofAt: (root: Uint8Array, index: number) => ItemProof;
};

type KnownBatch = { readonly items: readonly BatchItem[]; readonly tree: ReferenceTree };

/** A book that holds no batch yet. */
export function itemBook(): ItemBook {
  const batches = new Map<string, KnownBatch>();
  const find = (root: Uint8Array): KnownBatch => batches.get(bytesToHex(root))!;
  return {
    add: (items) => {
      const leaves = items.map((item) => leafHash(encodeItem(item)));
      const root = rootOf(leaves);
      batches.set(bytesToHex(root), { items, tree: new ReferenceTree(leaves) });
      return { first: items[0]!.code, last: items[items.length - 1]!.code, count: items.length, root };
    },
    codesOf: (root) => find(root).items.map((item) => item.code),
    itemOf: (root, code) => find(root).items.find((item) => item.code === code),
    proofAt: (root, index) => {
      const { items, tree } = find(root);
      return { item: encodeItem(items[index]!), index, path: tree.path(index, 0, items.length) };
    },
  };
}

/** Where a batch's item of a code is, or the places on both sides of where it would be. */
function placesOf(items: ItemBook, batch: Interval & { type: "batch" }, code: Code): number[] {
  const keys = items.codesOf(batch.root).map(codeKey);
  const at = keys.findIndex((key) => key >= codeKey(code));
  if (at >= 0 && keys[at] === codeKey(code)) return [at];
  const after = at < 0 ? keys.length : at;
  return [after - 1, after].filter((place) => place >= 0 && place < keys.length);
}

/** A prover over a state that is held in memory, as it stood when it was made. */
export type MemoryProofSource = ProofSource & {
  readonly entries: readonly StateEntry[];
  readonly tree: StateTree;
};

/** Makes a prover over entries in order of key, with what is known of earlier versions and of batches. */
export function memoryProofSource(
  entries: readonly StateEntry[],
  versions: VersionBook,
  items: ItemBook,
): MemoryProofSource {
  const state = memoryState();
  for (const { key, value } of entries) state.set(key, value);
  const places = new Map(entries.map(({ key }, at) => [key, at]));
  const tree = buildStateTree(entries);
  return {
    get: state.get,
    before: state.before,
    after: state.after,
    entries,
    tree,
    runOf: (first, last) => tree.runOf(places.get(first)!, places.get(last)!),
    versionsOf: (key, current, asOf) => proveVersions(versions.versionsOf(key), key, current, asOf),
    itemsOf: (batch, code) => placesOf(items, batch, code).map((place) => items.proofAt(batch.root, place)),
  };
}

function proveVersions(
  all: readonly Uint8Array[],
  key: StateKey,
  current: Version,
  asOf: AsOf,
): VersionProof[] {
  // Before a code's first version its interval may have stood under the key: versions tell by their own number.
  const history = all.filter((bytes) => bytes[1] === all[all.length - 1]![1]).slice(0, current.version - 1);
  if (history.length === 0) return [];
  const tree = new ReferenceTree(history.map(leafHash));
  const proofAt = (index: number): VersionProof => ({
    key,
    bytes: history[index]!,
    path: tree.path(index, 0, history.length),
  });
  if ("version" in asOf) {
    return asOf.version >= 1 && asOf.version <= history.length ? [proofAt(asOf.version - 1)] : [];
  }
  const begun = (since: Moment): boolean =>
    "height" in asOf ? since.height <= asOf.height : since.timeMs <= asOf.timeMs;
  if (begun(current.since)) return [];
  const held = history.findLastIndex((bytes) => begun(decodeVersioned(bytes)!.version.since));
  const index = Math.max(held, 0);
  return index + 1 < history.length ? [proofAt(index + 1), proofAt(index)] : [proofAt(index)];
}
