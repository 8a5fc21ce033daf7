import { HASH_BYTES } from "@cityroot/core/hash";
import { equalBytes } from "@cityroot/core/hex";
import { stateLeafHash } from "@cityroot/core/proof/leaf";
import type { StateKey } from "@cityroot/core/state/key";
import { StoreDamagedError } from "../store-damaged-error.ts";
import {
  COUNT_BYTES,
  EARLIER_BYTES,
  ENTRY_HEAD_BYTES,
  KEY_HEAD_BYTES,
  VALUE_HEAD_BYTES,
} from "./page-layout.ts";
import { PageTree } from "./page-tree.ts";

/** An entry that gets another value. */
export type Replacement = {
  /** The entry's index in its page. */
  readonly at: number;
  readonly key: StateKey;
  readonly value: Uint8Array;
  /** Row of the version that is replaced; 0 where it leaves none. */
  readonly earlier: number;
};

// The key of the entry that a page's scan came to: keys are stored by what differs from the one before.
const scanned = Buffer.alloc(256);

/**
 * A page read where it lies, in its bytes: nothing is made of an entry before it is asked for. The bits at which
 * neighbours part follow from what the encoding says that they share, so that the shape of the subtree and its hashes
 * are had without its keys.
 */
export class StoredPage {
  readonly bytes: Buffer;
  readonly count: number;
  /** Where each entry begins, where its value does, and where its hash does: behind the value. */
  private readonly starts: number[];
  private readonly valueAts: number[];
  private readonly hashAts: number[];
  /** Bit at which an entry parts from the one before it. */
  private readonly bits: number[];
  private readonly keys: (StateKey | undefined)[];
  /** Entries whose values were found to be what was hashed. */
  private readonly sound: boolean[] = [];
  private tree: PageTree | undefined;

  /** Keeps `bytes`: the caller hands them over. Throws {@link StoreDamagedError} for what is no page. */
  constructor(bytes: Buffer) {
    const count = bytes.length < COUNT_BYTES ? 0 : bytes.readUInt16LE(0);
    this.bytes = bytes;
    this.count = count;
    this.starts = new Array<number>(count);
    this.valueAts = new Array<number>(count);
    this.hashAts = new Array<number>(count);
    this.bits = new Array<number>(count);
    this.keys = new Array<StateKey | undefined>(count);
    let at = COUNT_BYTES;
    for (let index = 0; index < count && at + ENTRY_HEAD_BYTES <= bytes.length; index++) {
      const shared = bytes[at]!;
      const valueAt = at + KEY_HEAD_BYTES + bytes[at + 1]! + VALUE_HEAD_BYTES;
      const differs = scanned[shared]!;
      for (let from = at + KEY_HEAD_BYTES, to = shared; from < valueAt - VALUE_HEAD_BYTES; from++, to++)
        scanned[to] = bytes[from]!;
      this.starts[index] = at;
      this.valueAts[index] = valueAt;
      this.bits[index] = index === 0 ? 0 : 8 * shared + Math.clz32(differs ^ scanned[shared]!) - 24;
      const hashAt =
        valueAt + (valueAt > bytes.length ? bytes.length : bytes.readUInt32LE(valueAt - VALUE_HEAD_BYTES));
      this.hashAts[index] = hashAt;
      at = hashAt + HASH_BYTES + EARLIER_BYTES;
    }
    if (at !== bytes.length || count === 0)
      throw new StoreDamagedError(
        `a stored page is damaged: it has ${bytes.length} bytes and its entries another number`,
      );
  }

  /** Key of an entry. */
  keyAt(index: number): StateKey {
    const known = this.keys[index];
    if (known !== undefined) return known;
    // From the nearest entry before it whose key is known or which shares nothing.
    let from = index;
    while (from > 0 && this.keys[from - 1] === undefined && this.bytes[this.starts[from]!]! > 0) from -= 1;
    const before = from === 0 ? undefined : this.keys[from - 1];
    if (before !== undefined) scanned.write(before, "latin1");
    let length = 0;
    for (let at = from; at <= index; at++) {
      const start = this.starts[at]!;
      const end = this.valueAts[at]! - VALUE_HEAD_BYTES;
      length = this.bytes[start]!;
      for (let rest = start + KEY_HEAD_BYTES; rest < end; rest++) scanned[length++] = this.bytes[rest]!;
    }
    const key = scanned.toString("latin1", 0, length) as StateKey;
    this.keys[index] = key;
    return key;
  }

  /**
   * Throws {@link StoreDamagedError} unless the page is the one encoding of entries in their order, each of which is what
   * was hashed: for a page that others made. That its hashes lead to its root is for the caller to see.
   */
  demandEncoding(number: number): void {
    let before = "";
    for (let index = 0; index < this.count; index++) {
      const key = this.keyAt(index);
      const shared = this.bytes[this.starts[index]!]!;
      const isShared = key.length > shared && key.startsWith(before.slice(0, shared));
      // The next byte is the first in which they differ, and greater, or the one before ends there.
      const isNext =
        before.length >= shared && (index === 0 || key.charCodeAt(shared) > byteAt(before, shared));
      if (!isShared || !isNext || (index === 0 && shared > 0))
        throw new StoreDamagedError(`page ${number} is damaged: its entries are not encoded in their order`);
      this.demandValue(number, index);
      before = key;
    }
  }

  /** Value of an entry: a view of the page's bytes. */
  valueAt(index: number): Uint8Array {
    return this.bytes.subarray(this.valueAts[index]!, this.hashAts[index]!);
  }

  /** The same, once it is found to be what was hashed; else throws {@link StoreDamagedError}. */
  demandValue(number: number, index: number): Uint8Array {
    const value = this.valueAt(index);
    if (this.sound[index] === true) return value;
    if (!equalBytes(stateLeafHash(this.keyAt(index), value), this.hashAt(index))) {
      throw new StoreDamagedError(`page ${number} of the store is damaged: an entry is not what was hashed`);
    }
    this.sound[index] = true;
    return value;
  }

  /** Leaf hash of an entry: a view of the page's bytes. */
  hashAt(index: number): Uint8Array {
    const at = this.hashAts[index]!;
    return this.bytes.subarray(at, at + HASH_BYTES);
  }

  /** Row of an entry's newest earlier version; 0 where it has none. */
  earlierAt(index: number): number {
    return this.bytes.readUInt32LE(this.hashAts[index]! + HASH_BYTES);
  }

  /** Index of a key's entry; where it has none, the complement (`~index`) of the first one that is not below it. */
  find(key: StateKey): number {
    const { bytes } = this;
    // How far the key agrees with the entry before, which is below it. An entry that shares more with that one parts
    // from the key where that one did; an entry that shares less is beyond the key.
    let agreed = 0;
    for (let index = 0; index < this.count; index++) {
      const start = this.starts[index]!;
      const shared = bytes[start]!;
      if (shared > agreed) continue;
      if (shared < agreed) return ~index;
      const end = this.valueAts[index]! - VALUE_HEAD_BYTES;
      let at = start + KEY_HEAD_BYTES;
      while (at < end && agreed < key.length && bytes[at] === key.charCodeAt(agreed)) {
        at += 1;
        agreed += 1;
      }
      if (agreed === key.length) return at === end ? index : ~index;
      if (at < end && bytes[at]! > key.charCodeAt(agreed)) return ~index;
    }
    return ~this.count;
  }

  /** Throws {@link StoreDamagedError} unless the page's hashes lead to the root that the tree above has for it. */
  demandRoot(number: number, root: Uint8Array): void {
    if (!this.hashed().isRoot(root))
      throw new StoreDamagedError(`page ${number} of the store is damaged: its root differs`);
  }

  /** The subtree of the page with all its hashes. */
  hashed(): PageTree {
    if (this.tree === undefined) {
      this.tree = new PageTree(this.count, this.bits);
      for (let index = 0; index < this.count; index++)
        this.tree.setLeaf(index, this.bytes, this.hashAts[index]!);
      this.tree.hashAll();
    }
    return this.tree;
  }

  /**
   * The page with other values at some places, which stand in order, and its root; the keys stay. The page itself stays
   * as it is, but for its hashes.
   */
  replace(replacements: readonly Replacement[]): { readonly bytes: Buffer; readonly root: Uint8Array } {
    const tree = this.hashed();
    let size = this.bytes.length;
    for (const { at, value } of replacements) size += value.length - (this.hashAts[at]! - this.valueAts[at]!);
    const bytes = Buffer.allocUnsafe(size);
    let from = 0;
    let to = 0;
    for (const { at, key, value, earlier } of replacements) {
      const valueAt = this.valueAts[at]!;
      to += this.bytes.copy(bytes, to, from, valueAt - VALUE_HEAD_BYTES);
      to = bytes.writeUInt32LE(value.length, to);
      bytes.set(value, to);
      to += value.length;
      const hash = stateLeafHash(key, value);
      tree.setLeaf(at, hash, 0);
      bytes.set(hash, to);
      to = bytes.writeUInt32LE(earlier, to + HASH_BYTES);
      from = this.hashAts[at]! + HASH_BYTES + EARLIER_BYTES;
    }
    this.bytes.copy(bytes, to, from);
    if (replacements.length === 1) tree.hashAbove(replacements[0]!.at);
    else tree.hashAll();
    return { bytes, root: tree.root() };
  }
}

/** A byte of a key; below every byte beyond its end. */
function byteAt(key: string, index: number): number {
  return index < key.length ? key.charCodeAt(index) : -1;
}
