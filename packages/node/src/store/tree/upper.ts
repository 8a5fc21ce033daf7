import { hashInto } from "@chainsafe/hashtree";
import { assert } from "@cityroot/core/assert";
import { HASH_BYTES } from "@cityroot/core/hash";
import type { StateKey } from "@cityroot/core/state/key";
import { writeStep } from "./page-tree.ts";

const NONE = -0x80000000;

/**
 * A place in the upper tree: an inner node by its number from 0 up, or a page by the complement of its number
 * (`~page`), which is negative.
 */
export type Ref = number;

/**
 * One change of shape: a new page takes a place beside all that agrees with `page` up to `bit`. It names a page and no
 * inner node, so that it means the same in a tree that was built from its pages and numbers its nodes otherwise.
 */
export type Join = { readonly page: number; readonly bit: number; readonly newOnRight: boolean };

/**
 * The levels of the state tree above the stored pages, in memory: about 80 bytes for each page. It is rebuilt from a
 * snapshot and the changes since, so that nothing of it is written for each update. Numbers of pages are given out in
 * order, so that whoever makes the same changes has the same numbers.
 */
export class UpperTree {
  nodeCount = 0;
  pageCount = 0;
  root: Ref = NONE;
  private left = new Int32Array(64);
  private right = new Int32Array(64);
  private parent = new Int32Array(64);
  private bit = new Uint16Array(64);
  private nodeHash = Buffer.alloc(64 * HASH_BYTES);
  private pageParent = new Int32Array(64);
  private pageHash = Buffer.alloc(64 * HASH_BYTES);
  /** For a dirty node: how many of its children are still to be hashed, plus one; 0 for a clean one. */
  private waiting = new Uint8Array(64);
  private dirtyPages: number[] = [];

  get isEmpty(): boolean {
    return this.root === NONE;
  }

  /** The page where a key belongs, if it belongs to any: the one that its bits lead to. */
  pageOf(key: StateKey): number {
    let ref = this.root;
    while (ref >= 0) ref = bitOf(key, this.bit[ref]!) === 1 ? this.right[ref]! : this.left[ref]!;
    return ~ref;
  }

  /** Bit at which a page parts from its sibling; -1 for the only page. */
  bitAbove(page: number): number {
    const above = this.pageParent[page]!;
    return above === NONE ? -1 : this.bit[above]!;
  }

  /** The highest place on the way up from a page whose subtree wholly agrees with its keys up to `bit`. */
  placeBelow(page: number, bit: number): Ref {
    let ref: Ref = ~page;
    let above = this.pageParent[page]!;
    while (above !== NONE && this.bit[above]! > bit) {
      ref = above;
      above = this.parent[above]!;
    }
    return ref;
  }

  /** First (or last) page below a place. */
  edgePage(ref: Ref, last: boolean): number {
    let at = ref;
    while (at >= 0) at = last ? this.right[at]! : this.left[at]!;
    return ~at;
  }

  /** The page right before (or after) all that lies below a place, or -1 at the edge of the tree. */
  neighbourPage(ref: Ref, after: boolean): number {
    let at = ref;
    let above = this.parentOf(at);
    while (above !== NONE && (after ? this.right[above] : this.left[above]) === at) {
      at = above;
      above = this.parent[above]!;
    }
    if (above === NONE) return -1;
    return this.edgePage(after ? this.right[above]! : this.left[above]!, !after);
  }

  /** Adds the first page of an empty tree and gives its number. */
  plant(): number {
    assert(this.isEmpty, "a tree is planted once");
    const page = this.addPage(NONE);
    this.root = ~page;
    return page;
  }

  /** Makes a change of shape and gives the new page's number; the page is to be given a hash before the next root. */
  join({ page: beside, bit, newOnRight }: Join): number {
    const ref = this.placeBelow(beside, bit);
    const node = this.addNode();
    const page = this.addPage(node);
    const above = this.parentOf(ref);
    this.bit[node] = bit;
    this.parent[node] = above;
    this.left[node] = newOnRight ? ref : ~page;
    this.right[node] = newOnRight ? ~page : ref;
    if (above === NONE) this.root = node;
    else if (this.left[above] === ref) this.left[above] = node;
    else this.right[above] = node;
    if (ref >= 0) {
      this.parent[ref] = node;
      // The subtree below keeps its hash: the new node waits for the new page alone.
    } else {
      this.pageParent[~ref] = node;
    }
    return page;
  }

  /** Gives a page its root; the nodes above become stale until {@link rehash}. */
  setPageHash(page: number, hash: Uint8Array): void {
    this.pageHash.set(hash, page * HASH_BYTES);
    this.dirtyPages.push(page);
  }

  /** Hash of a page's root. */
  hashOfPage(page: number): Uint8Array {
    return this.pageHash.subarray(page * HASH_BYTES, (page + 1) * HASH_BYTES);
  }

  /** Hashes again what lies above the pages that changed, level by level, and gives the root. */
  rehash(): Uint8Array {
    assert(!this.isEmpty, "an empty tree has no root");
    let ready = this.markAbove(this.dirtyPages);
    this.dirtyPages = [];
    while (ready.length > 0) {
      const input = Buffer.allocUnsafe(ready.length * 2 * HASH_BYTES);
      for (let at = 0; at < ready.length; at++) {
        const node = ready[at]!;
        this.copyHash(this.left[node]!, input, at * 2 * HASH_BYTES);
        this.copyHash(this.right[node]!, input, (at * 2 + 1) * HASH_BYTES);
      }
      const output = Buffer.allocUnsafe(ready.length * HASH_BYTES);
      hashInto(input, output);
      const next: number[] = [];
      for (let at = 0; at < ready.length; at++) {
        const node = ready[at]!;
        output.copy(this.nodeHash, node * HASH_BYTES, at * HASH_BYTES, (at + 1) * HASH_BYTES);
        this.waiting[node] = 0;
        const above = this.parent[node]!;
        if (above === NONE) continue;
        this.waiting[above]! -= 1;
        if (this.waiting[above] === 1) next.push(above);
      }
      ready = next;
    }
    return this.rootHash();
  }

  /** The root as it was last hashed. */
  rootHash(): Uint8Array {
    const out = new Uint8Array(HASH_BYTES);
    this.copyHash(this.root, Buffer.from(out.buffer), 0);
    return out;
  }

  /** Writes the steps from a page to the root as {@link PageTree.writeSteps} does; gives the index behind them. */
  writeSteps(page: number, out: Uint8Array, at: number): number {
    let end = at;
    let below: Ref = ~page;
    let above = this.pageParent[page]!;
    while (above !== NONE) {
      const right = this.left[above] === below;
      const sibling = right ? this.right[above]! : this.left[above]!;
      const hashes = sibling >= 0 ? this.nodeHash : this.pageHash;
      const from = (sibling >= 0 ? sibling : ~sibling) * HASH_BYTES;
      end = writeStep(out, end, this.bit[above]!, right, hashes, from);
      below = above;
      above = this.parent[above]!;
    }
    return end;
  }

  /** Bytes from which {@link restoreUpperTree} makes the same tree again. */
  snapshot(): Buffer {
    const nodes = this.nodeCount;
    const head = Buffer.alloc(16);
    head.writeUInt32LE(nodes, 0);
    head.writeUInt32LE(this.pageCount, 4);
    head.writeInt32LE(this.root, 8);
    const view = (array: Int32Array | Uint16Array, length: number): Buffer =>
      Buffer.from(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT);
    return Buffer.concat([
      head,
      view(this.left, nodes),
      view(this.right, nodes),
      view(this.bit, nodes),
      this.pageHash.subarray(0, this.pageCount * HASH_BYTES),
    ]);
  }

  /** Fills an empty tree from a snapshot; false when the bytes are none. Hash it and compare the root. */
  restore(bytes: Buffer): boolean {
    if (bytes.length < 16) return false;
    const nodes = bytes.readUInt32LE(0);
    const pages = bytes.readUInt32LE(4);
    if (pages !== nodes + 1 || bytes.length !== 16 + nodes * 10 + pages * HASH_BYTES) return false;
    this.reserveNodes(nodes);
    this.reservePages(pages);
    let at = 16;
    for (const array of [this.left, this.right, this.bit]) {
      const length = nodes * array.BYTES_PER_ELEMENT;
      bytes.copy(Buffer.from(array.buffer, array.byteOffset, length), 0, at, at + length);
      at += length;
    }
    bytes.copy(this.pageHash, 0, at);
    this.nodeCount = nodes;
    this.pageCount = pages;
    this.root = bytes.readInt32LE(8);
    return this.linkParents();
  }

  /** The tree over pages given in order of key, with the bit at which each parts from the one before it. */
  static ofPages(
    numbers: readonly number[],
    bits: readonly number[],
    roots: readonly Uint8Array[],
  ): UpperTree {
    const tree = new UpperTree();
    tree.reserveNodes(numbers.length - 1);
    tree.reservePages(numbers.length);
    tree.pageCount = numbers.length;
    // The right edge of the tree so far, from the root down: a page that parts higher closes what parted below it.
    const edge: number[] = [];
    for (const [at, number] of numbers.entries()) {
      tree.setPageHash(number, roots[at]!);
      if (at === 0) {
        tree.root = ~number;
        continue;
      }
      const bit = bits[at]!;
      let closed: Ref = edge.length === 0 ? tree.root : ~numbers[at - 1]!;
      while (edge.length > 0 && tree.bit[edge[edge.length - 1]!]! > bit) closed = edge.pop()!;
      const node = tree.nodeCount++;
      tree.bit[node] = bit;
      tree.left[node] = closed;
      tree.right[node] = ~number;
      if (edge.length === 0) tree.root = node;
      else tree.right[edge[edge.length - 1]!] = node;
      edge.push(node);
    }
    tree.linkParents();
    return tree;
  }

  /** Sets the parents from the children; false when the children are no tree. Marks every page as to be hashed. */
  private linkParents(): boolean {
    this.parent.fill(NONE, 0, this.nodeCount);
    this.pageParent.fill(NONE, 0, this.pageCount);
    const isRef = (ref: Ref): boolean => (ref >= 0 ? ref < this.nodeCount : ~ref < this.pageCount);
    if (!isRef(this.root)) return false;
    for (let node = 0; node < this.nodeCount; node++) {
      for (const ref of [this.left[node]!, this.right[node]!]) {
        if (!isRef(ref) || this.parentOf(ref) !== NONE || ref === this.root) return false;
        if (ref >= 0) {
          if (this.bit[ref]! <= this.bit[node]!) return false;
          this.parent[ref] = node;
        } else this.pageParent[~ref] = node;
      }
    }
    for (let page = 0; page < this.pageCount; page++) this.dirtyPages.push(page);
    return true;
  }

  /** Marks all that lies above the pages and gives the nodes whose children are all clean. */
  private markAbove(pages: readonly number[]): number[] {
    const marked: number[] = [];
    for (const page of pages) {
      let above = this.pageParent[page]!;
      // Going up, each newly marked node is one more child that its parent waits for.
      while (above !== NONE) {
        if (this.waiting[above]! > 0) break;
        this.waiting[above] = 1;
        marked.push(above);
        above = this.parent[above]!;
      }
    }
    for (const node of marked) {
      const above = this.parent[node]!;
      if (above !== NONE) this.waiting[above]! += 1;
    }
    return marked.filter((node) => this.waiting[node] === 1);
  }

  private parentOf(ref: Ref): number {
    return ref >= 0 ? this.parent[ref]! : this.pageParent[~ref]!;
  }

  private copyHash(ref: Ref, target: Buffer, at: number): void {
    if (ref >= 0) this.nodeHash.copy(target, at, ref * HASH_BYTES, (ref + 1) * HASH_BYTES);
    else this.pageHash.copy(target, at, ~ref * HASH_BYTES, (~ref + 1) * HASH_BYTES);
  }

  private addNode(): number {
    this.reserveNodes(this.nodeCount + 1);
    return this.nodeCount++;
  }

  private addPage(parent: number): number {
    this.reservePages(this.pageCount + 1);
    this.pageParent[this.pageCount] = parent;
    return this.pageCount++;
  }

  private reserveNodes(count: number): void {
    const size = this.left.length;
    if (count <= size) return;
    const larger = Math.max(count, size + (size >> 1));
    this.left = grown(this.left, new Int32Array(larger));
    this.right = grown(this.right, new Int32Array(larger));
    this.parent = grown(this.parent, new Int32Array(larger));
    this.bit = grown(this.bit, new Uint16Array(larger));
    this.waiting = grown(this.waiting, new Uint8Array(larger));
    this.nodeHash = grown(this.nodeHash, Buffer.alloc(larger * HASH_BYTES));
  }

  private reservePages(count: number): void {
    const size = this.pageParent.length;
    if (count <= size) return;
    const larger = Math.max(count, size + (size >> 1));
    this.pageParent = grown(this.pageParent, new Int32Array(larger));
    this.pageHash = grown(this.pageHash, Buffer.alloc(larger * HASH_BYTES));
  }
}

function grown<T extends { set: (source: T) => void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** A bit of a key, counted from the first byte's highest; 0 beyond its end. */
function bitOf(key: string, bit: number): number {
  const byte = key.charCodeAt(bit >> 3);
  return byte >= 0 ? (byte >> (7 - (bit & 7))) & 1 : 0;
}
