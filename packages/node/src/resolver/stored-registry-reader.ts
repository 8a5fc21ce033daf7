import { type Genesis, networkOf } from "@cityroot/core/genesis";
import { equalBytes } from "@cityroot/core/hex";
import { parseCheckpoint } from "@cityroot/core/log/checkpoint";
import { parseNote } from "@cityroot/core/log/note";
import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import { stateLeafHash } from "@cityroot/core/proof/leaf";
import type { ProofSource } from "@cityroot/core/proof/prove";
import type { Run } from "@cityroot/core/proof/run";
import { firstDifferingBit, type StateKey } from "@cityroot/core/state/key";
import type { Network } from "@cityroot/core/state/network";
import type { StateEntry } from "@cityroot/core/state/view";
import type { PayloadStore } from "../payload/payload-store.ts";
import type { RegistryStore, StoredHead } from "../store/registry-store.ts";
import {
  checkPage,
  decodePage,
  leftSiblings,
  lowerBound,
  type Page,
  rightSiblings,
  type Sibling,
  StoreDamagedError,
} from "../store/tree/page.ts";
import { followDeltas, loadUpperTree, type UpperAt } from "../store/upper-snapshot.ts";
import { findRow, proveVersionsAt } from "../store/version-history.ts";
import type { Head, RegistryReader, StoredVersion } from "./registry-reader.ts";

/** What a reader reads. */
export type ReaderParts = {
  readonly store: RegistryStore;
  readonly folder: string;
  readonly genesis: Genesis;
  readonly policy: PolicyJson;
  readonly payloads: Pick<PayloadStore, "itemsOf">;
};

/** A page and the place of an entry in it. */
type Found = { readonly number: number; readonly page: Page; readonly at: number };

/** A decoded page, and the root that it was held against. */
type KeptPage = { readonly page: Page; readonly root: Uint8Array };

/** How many pages a reader keeps decoded, at some six kilobytes each: what is asked for is often asked for again. */
const PAGES_KEPT_MAX = 16_384;

const STEP_BYTES = 34;

/** Reads the durable state of a store that this or another process writes. */
export class StoredRegistryReader implements RegistryReader {
  readonly network: Network;
  readonly genesis: Genesis;
  readonly policy: PolicyJson;
  private readonly parts: ReaderParts;
  private upper: UpperAt;
  private current: Head;
  private failure: { readonly height: number; readonly error: StoreDamagedError } | undefined;
  private kept = new Map<number, KeptPage>();
  private keptBefore = new Map<number, KeptPage>();

  constructor(parts: ReaderParts) {
    this.parts = parts;
    this.genesis = parts.genesis;
    this.policy = parts.policy;
    this.network = networkOf(parts.genesis);
    const head = this.demandHead();
    this.upper = loadUpperTree(parts.store, parts.folder, head);
    this.current = headOf(head);
  }

  readonly head = (): Head => {
    const stored = this.demandHead();
    if (stored.height === this.current.checkpoint.height) return this.current;
    this.moveTo(stored);
    this.current = headOf(stored);
    return this.current;
  };

  private moveTo(stored: StoredHead): void {
    // What took a read of the whole state to find out is not asked again for the same block.
    if (this.failure?.height === stored.height) throw this.failure.error;
    const { store, folder } = this.parts;
    try {
      const follows = followDeltas(store, this.upper, stored);
      if (follows && equalBytes(this.upper.tree.rehash(), stored.stateRoot)) return;
      this.upper = loadUpperTree(store, folder, stored);
    } catch (error) {
      if (error instanceof StoreDamagedError) this.failure = { height: stored.height, error };
      throw error;
    }
  }

  readonly source: ProofSource = {
    get: (key) => {
      const found = this.find(key);
      return found.page.keys[found.at] === key ? this.valueAt(found) : undefined;
    },
    before: (key) => this.neighbour(key, false),
    after: (key) => this.neighbour(key, true),
    runOf: (first, last) => this.runOf(first, last),
    versionsOf: (key, current, asOf) => {
      const holdsNow =
        "version" in asOf
          ? asOf.version >= current.version
          : "height" in asOf
            ? current.since.height <= asOf.height
            : current.since.timeMs <= asOf.timeMs;
      if (holdsNow) return [];
      return proveVersionsAt(this.parts.store.readVersion, this.earlierOf(key), key, asOf);
    },
    itemsOf: (batch, code) => this.parts.payloads.itemsOf(batch, code),
  };

  readonly versions = (
    key: StateKey,
    limit: number,
    before: number = Number.MAX_SAFE_INTEGER,
  ): readonly StoredVersion[] => {
    const found = this.find(key);
    if (found.page.keys[found.at] !== key) return [];
    const { readVersion } = this.parts.store;
    const newest = found.page.earlier[found.at]!;
    const count = newest === 0 ? 0 : readVersion(newest).index + 1;
    const versions: StoredVersion[] = [];
    for (let version = Math.min(count + 1, before - 1); version >= 1 && versions.length < limit; version--) {
      const bytes =
        version > count ? this.valueAt(found) : readVersion(findRow(readVersion, newest, version - 1)).bytes;
      versions.push({ version, bytes: new Uint8Array(bytes) });
    }
    return versions;
  };

  readonly entriesFrom = (from: StateKey, limit: number): readonly StateEntry[] => {
    const entries: StateEntry[] = [];
    const first = this.source.get(from);
    let next: StateEntry | undefined =
      first === undefined ? this.source.after(from) : { key: from, value: first };
    while (next !== undefined && entries.length < limit) {
      entries.push(next);
      next = this.source.after(next.key);
    }
    return entries;
  };

  readonly block = (height: number): Uint8Array | undefined => this.parts.store.readBlock(height);
  readonly tile = (level: number, index: number): Uint8Array | undefined =>
    this.parts.store.readTile(level, index);
  readonly entryBundle = (index: number): Uint8Array | undefined => this.parts.store.readEntryBundle(index);
  readonly close = (): Promise<void> => this.parts.store.close();

  private demandHead(): StoredHead {
    const head = this.parts.store.head();
    if (head === undefined) throw new StoreDamagedError("the store holds no block, not even the first");
    return head;
  }

  /** A page whose entries lead to the root that the tree above has for it: what is served from it can be proven. */
  private page(number: number): Page {
    const root = this.upper.tree.hashOfPage(number);
    const recent = this.kept.get(number);
    if (recent !== undefined && equalBytes(recent.root, root)) return recent.page;
    const older = this.keptBefore.get(number);
    if (older !== undefined && equalBytes(older.root, root)) {
      this.keep(number, older);
      return older.page;
    }
    const page = decodePage(this.parts.store.readPage(number));
    checkPage(page, number, root);
    this.keep(number, { page, root: new Uint8Array(root) });
    return page;
  }

  /** Keeps a page; what was not asked for while as many others were makes room. */
  private keep(number: number, kept: KeptPage): void {
    if (this.kept.size >= PAGES_KEPT_MAX / 2) {
      this.keptBefore = this.kept;
      this.kept = new Map();
    }
    this.kept.set(number, kept);
  }

  /** The page where a key belongs, and the index of the first key in it that is not below. */
  private find(key: StateKey): Found {
    const number = this.upper.tree.pageOf(key);
    const page = this.page(number);
    return { number, page, at: lowerBound(page.keys, key) };
  }

  private valueAt({ number, page, at }: Found): Uint8Array {
    const value = page.values[at]!;
    if (!equalBytes(stateLeafHash(page.keys[at]!, value), page.hashes[at]!)) {
      throw new StoreDamagedError(`page ${number} of the store is damaged: an entry is not what was hashed`);
    }
    return value;
  }

  private earlierOf(key: StateKey): number {
    const { page, at } = this.find(key);
    return page.keys[at] === key ? page.earlier[at]! : 0;
  }

  private neighbour(key: StateKey, after: boolean): StateEntry | undefined {
    const { tree } = this.upper;
    const { number, page, at } = this.find(key);
    const first = page.keys[0]!;
    let place = ~number;
    if (key !== first) {
      const bit = firstDifferingBit(first, key);
      if (bit < tree.bitAbove(number)) {
        place = tree.placeBelow(number, bit);
        if (key < first === after) return this.edge(tree.edgePage(place, !after), !after);
        return this.edge(tree.neighbourPage(place, after), !after);
      }
    }
    const index = after ? (page.keys[at] === key ? at + 1 : at) : at - 1;
    if (index >= 0 && index < page.keys.length) return this.entryAt({ number, page, at: index });
    return this.edge(tree.neighbourPage(place, after), !after);
  }

  private edge(number: number, last: boolean): StateEntry | undefined {
    if (number < 0) return undefined;
    const page = this.page(number);
    return this.entryAt({ number, page, at: last ? page.keys.length - 1 : 0 });
  }

  private entryAt(found: Found): StateEntry {
    return { key: found.page.keys[found.at]!, value: this.valueAt(found) };
  }

  private runOf(first: StateKey, last: StateKey): Run {
    const start = this.find(first);
    const end = first === last ? start : this.find(last);
    const entries: StateEntry[] = [];
    let at: Found | undefined = start;
    while (at !== undefined) {
      const entry = this.entryAt(at);
      entries.push(entry);
      at = entry.key < last ? this.next(at) : undefined;
    }
    const { tree } = this.upper;
    const left = [
      ...leftSiblings(start.page, start.at),
      ...tree.siblingsOf(start.number).filter((step) => !step.right),
    ];
    const right = [
      ...rightSiblings(end.page, end.at),
      ...tree.siblingsOf(end.number).filter((step) => step.right),
    ];
    return { entries, path: encodePath(left, right) };
  }

  private next({ number, page, at }: Found): Found | undefined {
    if (at + 1 < page.keys.length) return { number, page, at: at + 1 };
    const neighbour = this.upper.tree.neighbourPage(~number, true);
    return neighbour < 0 ? undefined : { number: neighbour, page: this.page(neighbour), at: 0 };
  }
}

function headOf(stored: StoredHead): Head {
  const note = parseNote(stored.note);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!checkpoint.ok) throw new StoreDamagedError("the store's checkpoint is damaged");
  return { checkpoint: checkpoint.value, note: stored.note, sealPath: stored.sealPath };
}

/** Steps of both sides, deepest first. */
function encodePath(left: readonly Sibling[], right: readonly Sibling[]): Uint8Array {
  const path = new Uint8Array((left.length + right.length) * STEP_BYTES);
  let l = 0;
  let r = 0;
  for (let at = 0; at < path.length; at += STEP_BYTES) {
    const fromLeft = r >= right.length || (l < left.length && left[l]!.bit >= right[r]!.bit);
    const { bit, hash } = fromLeft ? left[l++]! : right[r++]!;
    const head = 2 * bit + (fromLeft ? 0 : 1);
    path[at] = head >> 8;
    path[at + 1] = head & 255;
    path.set(hash, at + 2);
  }
  return path;
}
