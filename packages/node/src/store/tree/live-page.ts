import type { StateKey } from "@cityroot/core/state/key";
import type { PageEntries } from "./neighbour.ts";
import {
  cutPage,
  decodePage,
  encodePage,
  hashEntries,
  lowerBound,
  type Page,
  pageSize,
  rootOfPage,
} from "./page.ts";
import { COUNT_BYTES, ENTRY_HEAD_BYTES, PAGE_BYTES_MAX } from "./page-layout.ts";
import { type Replacement, StoredPage } from "./stored-page.ts";

/** What is written of a page. */
export type FinishedPage = { readonly bytes: Buffer; readonly root: Uint8Array };

/**
 * A page that a block reads and changes. As long as entries only get other values, which is what nearly every change
 * but issuing does, it stays in its bytes and only those values are put in; the first entry that is added opens it.
 */
export class LivePage implements PageEntries {
  /** Whether it changed since it was last finished. */
  changed = false;
  /** Upper bound of the encoded size in bytes. */
  private size: number;
  private bytes: Buffer | undefined;
  private stored: StoredPage | undefined;
  private replaced: Replacement[] = [];
  private opened: Page | undefined;

  private constructor(size: number) {
    this.size = size;
  }

  /** A page as it was read. */
  static ofStored(stored: StoredPage): LivePage {
    const page = new LivePage(stored.bytes.length);
    page.stored = stored;
    return page;
  }

  /** A page of some entries; none for a new one. */
  static ofEntries(entries: Page): LivePage {
    const page = new LivePage(entries.keys.length === 0 ? COUNT_BYTES : pageSize(entries));
    page.opened = entries;
    return page;
  }

  get count(): number {
    return this.opened === undefined ? this.inBytes().count : this.opened.keys.length;
  }

  get isTooLarge(): boolean {
    return this.size > PAGE_BYTES_MAX;
  }

  readonly keyAt = (index: number): StateKey =>
    this.opened === undefined ? this.inBytes().keyAt(index) : this.opened.keys[index]!;

  readonly find = (key: StateKey): number => {
    if (this.opened === undefined) return this.inBytes().find(key);
    const at = lowerBound(this.opened.keys, key);
    return this.opened.keys[at] === key ? at : ~at;
  };

  valueAt(index: number): Uint8Array {
    if (this.opened !== undefined) return this.opened.values[index]!;
    return this.replacementAt(index)?.value ?? this.inBytes().valueAt(index);
  }

  /** Row of the newest earlier version of an entry; 0 where it has none. */
  earlierAt(index: number): number {
    if (this.opened !== undefined) return this.opened.earlier[index]!;
    return this.replacementAt(index)?.earlier ?? this.inBytes().earlierAt(index);
  }

  /** Gives an entry another value; `earlier` is the row of the one that it had. */
  replace(index: number, key: StateKey, value: Uint8Array, earlier: number): void {
    this.size += value.length - this.valueAt(index).length;
    if (this.opened !== undefined) {
      this.opened.values[index] = value;
      this.opened.hashes[index] = null;
      this.opened.earlier[index] = earlier;
      return;
    }
    const { replaced } = this;
    const replacement = { at: index, key, value, earlier };
    let place = replaced.length;
    while (place > 0 && replaced[place - 1]!.at > index) place -= 1;
    if (place > 0 && replaced[place - 1]!.at === index) replaced[place - 1] = replacement;
    else replaced.splice(place, 0, replacement);
  }

  /** Adds an entry at its place. */
  insert(index: number, key: StateKey, value: Uint8Array): void {
    const { keys, values, hashes, earlier } = this.open();
    keys.splice(index, 0, key);
    values.splice(index, 0, value);
    hashes.splice(index, 0, null);
    earlier.splice(index, 0, 0);
    this.size += ENTRY_HEAD_BYTES + key.length + value.length;
  }

  /** Hashes what changed, and gives what is to be written. The page is one that is not too large, or of one entry. */
  finish(): FinishedPage {
    this.changed = false;
    if (this.opened !== undefined) {
      hashEntries(this.opened);
      return { bytes: encodePage(this.opened), root: rootOfPage(this.opened) };
    }
    const finished = this.inBytes().replace(this.replaced);
    this.replaced = [];
    this.stored = undefined;
    this.bytes = finished.bytes;
    this.size = finished.bytes.length;
    return finished;
  }

  /**
   * Cuts a page that is too large into the largest whole subtrees that each fit; one, if it was not too large after
   * all. `cut` is told of every parting as by {@link cutPage}. The first part replaces this page.
   */
  split(
    cut: (from: number, at: number, bit: number) => void,
  ): { readonly from: number; readonly page: LivePage }[] {
    const whole = this.open();
    hashEntries(whole);
    const starts = [0];
    cutPage(whole, (from, at, bit) => {
      starts.push(at);
      cut(from, at, bit);
    });
    starts.sort((a, b) => a - b);
    return starts.map((from, index) => {
      const to = starts[index + 1] ?? whole.keys.length;
      return { from, page: LivePage.ofEntries(part(whole, from, to)) };
    });
  }

  private replacementAt(index: number): Replacement | undefined {
    for (const replacement of this.replaced) if (replacement.at === index) return replacement;
    return undefined;
  }

  /** The bytes of a page that is not opened, as they were before what is replaced. */
  private inBytes(): StoredPage {
    this.stored ??= new StoredPage(this.bytes!);
    return this.stored;
  }

  private open(): Page {
    if (this.opened === undefined) {
      const page = decodePage(this.inBytes().bytes);
      for (const { at, value, earlier } of this.replaced) {
        page.values[at] = value;
        page.hashes[at] = null;
        page.earlier[at] = earlier;
      }
      this.replaced = [];
      this.stored = undefined;
      this.bytes = undefined;
      this.opened = page;
    }
    return this.opened;
  }
}

function part(page: Page, from: number, to: number): Page {
  return {
    keys: page.keys.slice(from, to),
    values: page.values.slice(from, to),
    hashes: page.hashes.slice(from, to),
    earlier: page.earlier.slice(from, to),
  };
}
