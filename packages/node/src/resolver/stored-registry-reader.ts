import { assert } from "@cityroot/core/assert";
import { type Genesis, networkOf } from "@cityroot/core/genesis";
import { equalBytes } from "@cityroot/core/hex";
import { parseCheckpoint } from "@cityroot/core/log/checkpoint";
import { parseNote } from "@cityroot/core/log/note";
import { decodeFrontier } from "@cityroot/core/log/tree";
import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import type { ProofSource } from "@cityroot/core/proof/prove";
import { type Run, STEP_BYTES } from "@cityroot/core/proof/run";
import { STATE_KEY_BITS_MAX, type StateKey } from "@cityroot/core/state/key";
import type { Network } from "@cityroot/core/state/network";
import type { StateEntry } from "@cityroot/core/state/view";
import type { PayloadStore } from "../payload/payload-store.ts";
import type { RegistryStore, StoredHead } from "../store/registry-store.ts";
import type { ShownHead } from "../store/shown-state.ts";
import { StoreDamagedError } from "../store/store-damaged-error.ts";
import { type Found, neighbourOf } from "../store/tree/neighbour.ts";
import { StoredPage } from "../store/tree/stored-page.ts";
import { followDeltas, loadUpperTree, type UpperAt, type UpperStore } from "../store/upper-snapshot.ts";
import { findRow, proveVersionsAt } from "../store/version-history.ts";
import type { Head, NewestBlock, RegistryReader, StoredVersion } from "./registry-reader.ts";

/** What a reader reads. */
export type ReaderParts = {
  readonly store: RegistryStore;
  readonly folder: string;
  readonly genesis: Genesis;
  readonly policy: PolicyJson;
  readonly payloads: Pick<PayloadStore, "itemsOf">;
};

/** How many pages a reader keeps: a question asks for the same few over and over. */
const PAGES_KEPT_MAX = 64;

/** Reads the durable state of a store that this or another process writes. */
export class StoredRegistryReader implements RegistryReader {
  readonly network: Network;
  readonly genesis: Genesis;
  readonly policy: PolicyJson;
  private readonly parts: ReaderParts;
  private upper: UpperAt;
  private shown: ShownHead;
  private stored: StoredHead;
  private current: Head;
  private failure: { readonly height: number; readonly error: StoreDamagedError } | undefined;
  /** Pages of the shown state, by number. */
  private readonly kept = new Map<number, StoredPage>();
  /** The key that was looked for last, and what was found. */
  private lastKey: StateKey | undefined;
  private lastFound: Found<StoredPage> | undefined;
  private lastAfter: FoundEntry | undefined;
  private lastBefore: { readonly of: StateKey; readonly entry: FoundEntry } | undefined;

  constructor(parts: ReaderParts) {
    this.parts = parts;
    this.genesis = parts.genesis;
    this.policy = parts.policy;
    this.network = networkOf(parts.genesis);
    this.shown = this.demandShown();
    const { head } = this.shown;
    this.stored = head;
    this.upper = loadUpperTree(this.shownStore, parts.folder, head);
    this.current = headOf(head);
  }

  readonly head = (): Head => {
    this.shown = this.demandShown();
    const { head } = this.shown;
    if (head === this.stored) return this.current;
    // The same block may come again with more cosignatures.
    if (head.height !== this.stored.height) this.moveTo(head);
    this.stored = head;
    this.current = headOf(head);
    return this.current;
  };

  readonly newest = (): NewestBlock => {
    const head = this.parts.store.head();
    if (head === undefined) throw noBlock();
    const frontier = decodeFrontier(head.logFrontier);
    if (!frontier.ok) throw new StoreDamagedError("the store's log frontier is damaged");
    const { height, timeMs } = head;
    return { height, timeMs, size: frontier.value.size };
  };

  /** The store as it was at the shown head: what the tree above the pages is made from. */
  private readonly shownStore: UpperStore = {
    readDelta: (height) => this.parts.store.readDelta(height),
    pageCount: () => this.parts.store.pageCount(),
    readPage: (page) => this.parts.store.readShownPage(this.shown, page),
  };

  private moveTo(stored: StoredHead): void {
    // What took a read of the whole state to find out is not asked again for the same block.
    if (this.failure?.height === stored.height) throw this.failure.error;
    const { folder } = this.parts;
    this.kept.clear();
    this.lastKey = undefined;
    this.lastAfter = undefined;
    this.lastBefore = undefined;
    try {
      // Where nothing was shown yet, the newest was; the first that is shown may lie before it.
      const isAhead = this.upper.height > stored.height;
      const follows = !isAhead && followDeltas(this.shownStore, this.upper, stored);
      if (follows && equalBytes(this.upper.tree.rehash(), stored.stateRoot)) return;
      this.upper = loadUpperTree(this.shownStore, folder, stored);
    } catch (error) {
      if (error instanceof StoreDamagedError) this.failure = { height: stored.height, error };
      throw error;
    }
  }

  readonly source: ProofSource = {
    get: (key) => {
      const found = this.find(key);
      return found === undefined ? undefined : entryOf(found).value;
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
      const { page, at } = this.demand(key);
      return proveVersionsAt(this.parts.store.readVersion, page.earlierAt(at), key, asOf);
    },
    itemsOf: (batch, code) => this.parts.payloads.itemsOf(batch, code),
  };

  readonly versions = (
    key: StateKey,
    limit: number,
    before: number = Number.MAX_SAFE_INTEGER,
  ): readonly StoredVersion[] => {
    const found = this.find(key);
    if (found === undefined) return [];
    const { readVersion } = this.parts.store;
    const newest = found.page.earlierAt(found.at);
    const count = newest === 0 ? 0 : readVersion(newest).index + 1;
    const versions: StoredVersion[] = [];
    for (let version = Math.min(count + 1, before - 1); version >= 1 && versions.length < limit; version--) {
      const bytes =
        version > count ? entryOf(found).value : readVersion(findRow(readVersion, newest, version - 1)).bytes;
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

  readonly block = (height: number): Uint8Array | undefined =>
    height > this.current.checkpoint.height ? undefined : this.parts.store.readBlock(height);
  readonly tile = (level: number, index: number): Uint8Array | undefined =>
    this.parts.store.readTile(level, index);
  readonly entryBundle = (index: number): Uint8Array | undefined => this.parts.store.readEntryBundle(index);
  readonly close = (): Promise<void> => this.parts.store.close();

  private demandShown(): ShownHead {
    const shown = this.parts.store.shown();
    if (shown === undefined) throw noBlock();
    return shown;
  }

  /** A page whose entries lead to the root that the tree above has for it: what is served from it can be proven. */
  private readonly page = (number: number): StoredPage => {
    const known = this.kept.get(number);
    if (known !== undefined) return known;
    const bytes = this.parts.store.readShownPage(this.shown, number);
    assert(bytes !== undefined, "the tree names no page that came after it");
    const page = new StoredPage(bytes);
    page.demandRoot(number, this.upper.tree.hashOfPage(number));
    if (this.kept.size >= PAGES_KEPT_MAX) this.kept.clear();
    this.kept.set(number, page);
    return page;
  };

  /** Where a key's entry is; undefined where it has none. */
  private find(key: StateKey): Found<StoredPage> | undefined {
    if (key === this.lastKey) return this.lastFound;
    if (key === this.lastBefore?.entry.key) return this.lastBefore.entry;
    const number = this.upper.tree.pageOf(key);
    const page = this.page(number);
    const at = page.find(key);
    this.lastKey = key;
    this.lastFound = at < 0 ? undefined : { number, page, at };
    return this.lastFound;
  }

  private demand(key: StateKey): Found<StoredPage> {
    const found = this.find(key);
    assert(found !== undefined, "what is to be shown is in the state");
    return found;
  }

  private neighbour(key: StateKey, after: boolean): StateEntry | undefined {
    const found = this.nearFound(key, after) ?? this.findNeighbour(key, after);
    if (found === undefined) return undefined;
    const entry = new FoundEntry(found);
    if (after) this.lastAfter = entry;
    else this.lastBefore = { of: key, entry };
    return entry;
  }

  private findNeighbour(key: StateKey, after: boolean): Found<StoredPage> | undefined {
    const { tree } = this.upper;
    return neighbourOf(tree, this.page, tree.pageOf(key), key, after);
  }

  /** The neighbour of a key beside the entry that was found last: who reads a list asks for one after another. */
  private nearFound(key: StateKey, after: boolean): Found<StoredPage> | undefined {
    if (!after) return undefined;
    if (key === this.lastAfter?.key) return this.next(this.lastAfter);
    if (key !== this.lastBefore?.of) return undefined;
    const next = this.next(this.lastBefore.entry);
    return next === undefined || next.page.keyAt(next.at) !== key ? next : this.next(next);
  }

  private runOf(first: StateKey, last: StateKey): Run {
    const start = this.demand(first);
    const entries: StateEntry[] = [entryOf(start)];
    if (first === last) return { entries, path: Buffer.from(this.stepsFrom(start)) };
    let end = start;
    while (end.page.keyAt(end.at) < last) {
      const next = this.next(end);
      assert(next !== undefined, "what is to be shown is in the state");
      end = next;
      entries.push(entryOf(end));
    }
    return { entries, path: Buffer.from(this.stepsAround(start, end)) };
  }

  /** Steps of a run's path from an entry to the root, on both sides, deepest first: until the next call. */
  private stepsFrom({ number, page, at }: Found<StoredPage>): Buffer {
    const end = this.upper.tree.writeSteps(number, steps, page.hashed().writeSteps(at, steps, 0));
    return steps.subarray(0, end);
  }

  /** Steps on the left of one entry and on the right of a later one, deepest first: until the next call. */
  private stepsAround(start: Found<StoredPage>, end: Found<StoredPage>): Buffer {
    if (start.number !== end.number) {
      const left = this.stepsFrom(start).copy(startSteps);
      return merged.subarray(0, mergeSteps(left, this.stepsFrom(end).length));
    }
    const left = start.page.hashed().writeSteps(start.at, startSteps, 0);
    const inPage = mergeSteps(left, end.page.hashed().writeSteps(end.at, steps, 0));
    // Above their page, both have the same steps.
    return merged.subarray(0, this.upper.tree.writeSteps(start.number, merged, inPage));
  }

  private next({ number, page, at }: Found<StoredPage>): Found<StoredPage> | undefined {
    if (at + 1 < page.count) return { number, page, at: at + 1 };
    const neighbour = this.upper.tree.neighbourPage(~number, true);
    return neighbour < 0 ? undefined : { number: neighbour, page: this.page(neighbour), at: 0 };
  }
}

/** An entry whose value is found to be what was hashed when it is asked for: of many neighbours only the key is. */
class FoundEntry implements StateEntry, Found<StoredPage> {
  readonly number: number;
  readonly page: StoredPage;
  readonly at: number;
  readonly key: StateKey;

  constructor({ number, page, at }: Found<StoredPage>) {
    this.number = number;
    this.page = page;
    this.at = at;
    this.key = page.keyAt(at);
  }

  get value(): Uint8Array {
    return this.page.demandValue(this.number, this.at);
  }
}

/** An entry that is what was hashed. Its value is a view of the page. */
function entryOf({ number, page, at }: Found<StoredPage>): StateEntry {
  return { key: page.keyAt(at), value: page.demandValue(number, at) };
}

function noBlock(): StoreDamagedError {
  return new StoreDamagedError("the store holds no block, not even the first");
}

function headOf(stored: StoredHead): Head {
  const note = parseNote(stored.note);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!checkpoint.ok) throw new StoreDamagedError("the store's checkpoint is damaged");
  return { checkpoint: checkpoint.value, note: stored.note, sealPath: stored.sealPath };
}

// As many steps as a key has bits at which it can part.
const steps = Buffer.alloc(STATE_KEY_BITS_MAX * STEP_BYTES);
const startSteps = Buffer.alloc(steps.length);
const merged = Buffer.alloc(2 * steps.length);

/**
 * Merges what stands on the left in `startSteps` with what stands on the right in `steps`, of so many bytes each: deepest
 * first, at one bit the left first. Gives how many bytes of `merged` that are.
 */
function mergeSteps(leftBytes: number, rightBytes: number): number {
  let left = 0;
  let right = 0;
  let end = 0;
  while (left < leftBytes || right < rightBytes) {
    const leftHead = left < leftBytes ? headOfStep(startSteps, left) : -1;
    const rightHead = right < rightBytes ? headOfStep(steps, right) : -1;
    if (leftHead >= 0 && isRight(leftHead)) left += STEP_BYTES;
    else if (rightHead >= 0 && !isRight(rightHead)) right += STEP_BYTES;
    else if (leftHead + 1 >= rightHead) {
      end += startSteps.copy(merged, end, left, left + STEP_BYTES);
      left += STEP_BYTES;
    } else {
      end += steps.copy(merged, end, right, right + STEP_BYTES);
      right += STEP_BYTES;
    }
  }
  return end;
}

function headOfStep(from: Buffer, at: number): number {
  return from[at]! * 256 + from[at + 1]!;
}

function isRight(head: number): boolean {
  return head % 2 === 1;
}
