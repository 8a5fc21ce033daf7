import { firstDifferingBit, type StateKey } from "@cityroot/core/state/key";
import type { MutableState, StateEntry } from "@cityroot/core/state/view";
import type { Delta } from "./delta.ts";
import {
  checkPage,
  cutPage,
  decodePage,
  ENTRY_HEAD_BYTES,
  encodePage,
  hashEntries,
  lowerBound,
  PAGE_BYTES_MAX,
  type Page,
  pageSize,
  rootOfEntries,
} from "./page.ts";
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

/** What a block changed: to be made durable in one transaction. */
export type TreeChanges = {
  readonly root: Uint8Array;
  readonly delta: Delta;
  readonly pages: readonly (readonly [number, Buffer])[];
};

/** A page with what this tree knows of it beyond its entries. */
type LivePage = Page & {
  /** Upper bound of the encoded size in bytes. */
  size: number;
  changed: boolean;
};

/**
 * The state as the engine changes it. Pages that a block touches are held decoded until {@link release} says that they
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
    const at = lowerBound(page.keys, key);
    return page.keys[at] === key ? page.values[at] : undefined;
  };

  readonly before = (key: StateKey): StateEntry | undefined => this.neighbour(key, false);
  readonly after = (key: StateKey): StateEntry | undefined => this.neighbour(key, true);

  readonly set = (key: StateKey, value: Uint8Array): void => {
    if (this.upper.isEmpty) {
      this.insert(this.upper.plant(), emptyPage(), 0, key, value);
      return;
    }
    const number = this.pageOf(key);
    const page = this.page(number);
    const at = lowerBound(page.keys, key);
    if (page.keys[at] === key) {
      const old = page.values[at]!;
      page.earlier[at] = this.storage.keepVersion(old, page.earlier[at]!);
      page.size += value.length - old.length;
      page.values[at] = value;
      page.hashes[at] = null;
      this.touch(number, page);
      return;
    }
    const bit = firstDifferingBit(page.keys[0]!, key);
    if (bit > this.upper.bitAbove(number)) {
      this.insert(number, page, at, key, value);
      return;
    }
    // The key parts from the page above it: it becomes a page of its own beside all that agrees that far.
    const join = { page: number, bit, newOnRight: key > page.keys[0]! };
    this.insert(this.join(join), emptyPage(), 0, key, value);
  };

  /** Hashes what changed and gives all that has to be written. */
  finish(): TreeChanges {
    const pages: [number, Buffer][] = [];
    const hashes: [number, Uint8Array][] = [];
    const keep = (number: number, page: LivePage): void => {
      page.changed = false;
      const hash = rootOfEntries(page, 0, page.keys.length);
      this.upper.setPageHash(number, hash);
      hashes.push([number, hash]);
      pages.push([number, encodePage(page)]);
    };
    for (const number of this.changed) {
      const page = this.live.get(number)!;
      hashEntries(page);
      if (page.size > PAGE_BYTES_MAX) this.split(number, page, keep);
      else keep(number, page);
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

  /** Writes a page as the pages that fit; the first keeps its number. */
  private split(number: number, page: LivePage, keep: (number: number, page: LivePage) => void): void {
    const numbers = new Map([[0, number]]);
    cutPage(page, (from, at, bit) => {
      const join = { page: numbers.get(from)!, bit, newOnRight: true };
      numbers.set(at, this.join(join));
    });
    const starts = [...numbers.keys()].sort((a, b) => a - b);
    for (const [index, from] of starts.entries()) {
      const piece = part(page, from, starts[index + 1] ?? page.keys.length);
      const pieceNumber = numbers.get(from)!;
      this.live.set(pieceNumber, piece);
      keep(pieceNumber, piece);
    }
  }

  private insert(number: number, page: LivePage, at: number, key: StateKey, value: Uint8Array): void {
    page.keys.splice(at, 0, key);
    page.values.splice(at, 0, value);
    page.hashes.splice(at, 0, null);
    page.earlier.splice(at, 0, 0);
    page.size += ENTRY_HEAD_BYTES + key.length + value.length;
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
    const bytes = this.storage.readPage(number);
    const page: LivePage = Object.assign(decodePage(bytes), { size: bytes.length, changed: false });
    checkPage(page, number, this.upper.hashOfPage(number));
    this.live.set(number, page);
    return page;
  }

  private neighbour(key: StateKey, after: boolean): StateEntry | undefined {
    if (this.upper.isEmpty) return undefined;
    const number = this.pageOf(key);
    const page = this.page(number);
    const first = page.keys[0]!;
    let place = ~number;
    if (key !== first) {
      const bit = firstDifferingBit(first, key);
      if (bit < this.upper.bitAbove(number)) {
        place = this.upper.placeBelow(number, bit);
        // The key lies outside all that hangs at this place: on its near side, its edge is the neighbour.
        if (key < first === after) return this.edge(this.upper.edgePage(place, !after), !after);
        return this.edge(this.upper.neighbourPage(place, after), !after);
      }
    }
    const at = lowerBound(page.keys, key);
    const index = after ? (page.keys[at] === key ? at + 1 : at) : at - 1;
    if (index >= 0 && index < page.keys.length) return entryOf(page, index);
    return this.edge(this.upper.neighbourPage(place, after), !after);
  }

  private edge(number: number, last: boolean): StateEntry | undefined {
    if (number < 0) return undefined;
    const page = this.page(number);
    return entryOf(page, last ? page.keys.length - 1 : 0);
  }
}

function emptyPage(): LivePage {
  return { keys: [], values: [], hashes: [], earlier: [], size: 2, changed: false };
}

function entryOf(page: Page, at: number): StateEntry {
  return { key: page.keys[at]!, value: page.values[at]! };
}

function part(page: LivePage, from: number, to: number): LivePage {
  const half = {
    keys: page.keys.slice(from, to),
    values: page.values.slice(from, to),
    hashes: page.hashes.slice(from, to),
    earlier: page.earlier.slice(from, to),
    size: 0,
    changed: false,
  };
  half.size = pageSize(half);
  return half;
}
