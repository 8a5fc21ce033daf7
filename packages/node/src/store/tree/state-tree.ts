import { firstDifferingBit, type StateKey } from "@cityroot/core/state/key";
import type { MutableState, StateEntry } from "@cityroot/core/state/view";
import type { Delta } from "./delta.ts";
import { LivePage } from "./live-page.ts";
import { type Found, neighbourOf } from "./neighbour.ts";
import { StoredPage } from "./stored-page.ts";
import type { Join, UpperTree } from "./upper.ts";

/** Where pages and earlier versions are kept. Reading is synchronous. */
export type TreeStorage = {
  /** Bytes of a page, which are the caller's to keep. */
  readonly readPage: (page: number) => Buffer;
  /**
   * Keeps a value that is about to be replaced, if it is a version of something, and gives its row's number; `earlier`
   * is the row of the version before it, or 0. Gives 0 for what has no versions.
   */
  readonly keepVersion: (value: Uint8Array, earlier: number) => number;
};

/**
 * Most entries of a page while a block is made. A page is cut when the block ends; one that gets more before is cut at
 * once, since adding to it takes longer the more it has.
 */
const ENTRIES_OPEN_MAX = 1_024;

/** What a block changed: to be made durable in one transaction. */
export type TreeChanges = {
  readonly root: Uint8Array;
  readonly delta: Delta;
  readonly pages: readonly (readonly [number, Buffer])[];
};

/**
 * The state as the engine changes it. Pages that a block touches are held until {@link release} says that they
 * are durable, so that the next block can be worked out while this one is written.
 */
export class StateTree implements MutableState {
  private readonly upper: UpperTree;
  private readonly storage: TreeStorage;
  private live = new Map<number, LivePage>();
  /** Pages of finished blocks whose writing is under way, each with the last block that holds it. */
  private retiring = new Map<number, { readonly page: LivePage; readonly block: number }>();
  private block = 0;
  /** The key that was looked for last and the page where it belongs: an operation asks for a key several times. */
  private lastKey: StateKey | undefined;
  private lastPage = 0;
  private changed: number[] = [];
  private joins: Join[] = [];

  constructor(upper: UpperTree, storage: TreeStorage) {
    this.upper = upper;
    this.storage = storage;
  }

  readonly get = (key: StateKey): Uint8Array | undefined => {
    if (this.upper.isEmpty) return undefined;
    const page = this.page(this.pageOf(key));
    const at = page.find(key);
    return at < 0 ? undefined : page.valueAt(at);
  };

  readonly before = (key: StateKey): StateEntry | undefined => this.neighbour(key, false);
  readonly after = (key: StateKey): StateEntry | undefined => this.neighbour(key, true);

  readonly set = (key: StateKey, value: Uint8Array): void => {
    if (this.upper.isEmpty) {
      this.plant(this.upper.plant(), key, value);
      return;
    }
    const number = this.pageOf(key);
    const page = this.page(number);
    const at = page.find(key);
    if (at >= 0) {
      const earlier = this.storage.keepVersion(page.valueAt(at), page.earlierAt(at));
      page.replace(at, key, value, earlier);
      this.touch(number, page);
      return;
    }
    const first = page.keyAt(0);
    const bit = firstDifferingBit(first, key);
    if (bit > this.upper.bitAbove(number)) {
      page.insert(~at, key, value);
      this.touch(number, page);
      if (page.count > ENTRIES_OPEN_MAX) this.cutOpen(number, page);
      return;
    }
    // The key parts from the page above it: it becomes a page of its own beside all that agrees that far.
    this.plant(this.join({ page: number, bit, newOnRight: key > first }), key, value);
  };

  /** Hashes what changed and gives all that has to be written. */
  finish(): TreeChanges {
    const pages: [number, Buffer][] = [];
    const hashes: [number, Uint8Array][] = [];
    const keep = (number: number, page: LivePage): void => {
      const { bytes, root } = page.finish();
      this.upper.setPageHash(number, root);
      hashes.push([number, root]);
      pages.push([number, bytes]);
    };
    for (const number of this.changed) {
      const page = this.live.get(number)!;
      if (!page.isTooLarge) keep(number, page);
      else for (const [pieceNumber, piece] of this.split(number, page)) keep(pieceNumber, piece);
    }
    const changes = { root: this.upper.rehash(), delta: { joins: this.joins, pages: hashes }, pages };
    this.joins = [];
    this.changed = [];
    return changes;
  }

  /**
   * Begins the writing of what {@link finish} gave: pages stay readable until the returned function is called,
   * which is to happen when they are durable.
   */
  retire(): () => void {
    const written = this.live;
    const block = this.block++;
    for (const [number, page] of written) this.retiring.set(number, { page, block });
    this.live = new Map();
    return () => {
      // A page that a later block holds as well waits for that block.
      for (const number of written.keys()) {
        if (this.retiring.get(number)?.block === block) this.retiring.delete(number);
      }
    };
  }

  /** Makes of a page the pages that fit; the first keeps its number. */
  private split(number: number, page: LivePage): (readonly [number, LivePage])[] {
    const numbers = new Map([[0, number]]);
    const pieces = page.split((from, at, bit) => {
      numbers.set(at, this.join({ page: numbers.get(from)!, bit, newOnRight: true }));
    });
    return pieces.map(({ from, page: piece }) => {
      const pieceNumber = numbers.get(from)!;
      this.live.set(pieceNumber, piece);
      return [pieceNumber, piece] as const;
    });
  }

  /** Cuts a changed page before the block ends: its parts are as changed as it was. */
  private cutOpen(number: number, page: LivePage): void {
    for (const [pieceNumber, piece] of this.split(number, page)) {
      piece.changed = true;
      if (pieceNumber !== number) this.changed.push(pieceNumber);
    }
  }

  /** Makes a page of its first entry. */
  private plant(number: number, key: StateKey, value: Uint8Array): void {
    const page = LivePage.ofEntries({ keys: [], values: [], hashes: [], earlier: [] });
    page.insert(0, key, value);
    this.touch(number, page);
  }

  private touch(number: number, page: LivePage): void {
    if (page.changed) return;
    page.changed = true;
    this.live.set(number, page);
    this.changed.push(number);
  }

  private pageOf(key: StateKey): number {
    if (key !== this.lastKey) {
      this.lastPage = this.upper.pageOf(key);
      this.lastKey = key;
    }
    return this.lastPage;
  }

  private join(join: Join): number {
    this.joins.push(join);
    this.lastKey = undefined;
    return this.upper.join(join);
  }

  private page(number: number): LivePage {
    const known = this.live.get(number);
    if (known !== undefined) return known;
    const retiring = this.retiring.get(number)?.page;
    // A page that is being written may change in the next block: its bytes were taken when it was finished.
    if (retiring !== undefined) {
      this.live.set(number, retiring);
      return retiring;
    }
    const stored = new StoredPage(this.storage.readPage(number));
    stored.demandRoot(number, this.upper.hashOfPage(number));
    const page = LivePage.ofStored(stored);
    this.live.set(number, page);
    return page;
  }

  private neighbour(key: StateKey, after: boolean): StateEntry | undefined {
    if (this.upper.isEmpty) return undefined;
    return entryOf(neighbourOf(this.upper, (number) => this.page(number), this.pageOf(key), key, after));
  }
}

function entryOf(found: Found<LivePage> | undefined): StateEntry | undefined {
  if (found === undefined) return undefined;
  return { key: found.page.keyAt(found.at), value: found.page.valueAt(found.at) };
}
