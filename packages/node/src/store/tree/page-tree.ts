import { hashInto } from "@chainsafe/hashtree";
import { HASH_BYTES } from "@cityroot/core/hash";
import { equalBytes } from "@cityroot/core/hex";
import { STEP_BYTES } from "@cityroot/core/proof/run";

// What a tree is built with: which subtrees wait to be joined, and the bits at which they part. Of a sound page no more
// wait than a key has bits; a damaged one, of which only its hashes tell, can have as many as it can count entries.
const waitingNodes = new Int32Array(65_536);
const waitingBits = new Int32Array(65_536);
/** How many nodes are hashed in one call at most: a call costs as much as two of them. */
const LANES_MAX = 32;
// Pairs of children side by side and what they hash to, with a view for each number of them: making a view costs as
// much as hashing.
const children = Buffer.alloc(LANES_MAX * 2 * HASH_BYTES);
const parents = Buffer.alloc(LANES_MAX * HASH_BYTES);
const childrenOf: Buffer[] = [];
const parentsOf: Buffer[] = [];
for (let lanes = 0; lanes <= LANES_MAX; lanes++) {
  childrenOf.push(children.subarray(0, lanes * 2 * HASH_BYTES));
  parentsOf.push(parents.subarray(0, lanes * HASH_BYTES));
}
const laneNodes = new Int32Array(LANES_MAX);

/**
 * The crit-bit tree over the entries of one page, with the hash of every node. Node numbers: entries from 0 up in
 * order, then inner nodes, each after its children; the last is the root.
 */
export class PageTree {
  readonly count: number;
  /** Hashes of all nodes, by number. */
  readonly hashes: Buffer;
  private readonly left: number[];
  private readonly right: number[];
  private readonly parent: number[];
  private readonly bit: number[];
  /** How far each inner node is above the lowest entry below it, from 1 up. */
  private readonly level: number[];

  /** The shape over `count` entries, each of which parts from the one before it at `bits[index]`. Nothing is hashed. */
  constructor(count: number, bits: readonly number[]) {
    this.count = count;
    const inner = count - 1;
    this.hashes = Buffer.allocUnsafe((count + inner) * HASH_BYTES);
    this.left = new Array<number>(inner);
    this.right = new Array<number>(inner);
    this.bit = new Array<number>(inner);
    this.level = new Array<number>(inner);
    this.parent = new Array<number>(count + inner);
    let depth = 0;
    let made = 0;
    const joinTop = (): void => {
      const node = count + made;
      const right = waitingNodes[depth - 1]!;
      const left = waitingNodes[depth - 2]!;
      this.left[made] = left;
      this.right[made] = right;
      this.bit[made] = waitingBits[depth - 1]!;
      this.level[made] = 1 + Math.max(this.levelOf(left), this.levelOf(right));
      this.parent[left] = node;
      this.parent[right] = node;
      made += 1;
      depth -= 1;
      waitingNodes[depth - 1] = node;
    };
    for (let index = 0; index < count; index++) {
      const bit = bits[index]!;
      if (index > 0) while (depth > 1 && waitingBits[depth - 1]! > bit) joinTop();
      waitingNodes[depth] = index;
      waitingBits[depth] = bit;
      depth += 1;
    }
    while (depth > 1) joinTop();
    this.parent[count + inner - 1] = -1;
  }

  /** Takes an entry's hash from `from`, where it begins at `at`. Stale until {@link hashAll} or {@link hashAbove}. */
  setLeaf(index: number, from: Uint8Array, at: number): void {
    copyHash(from, at, this.hashes, index * HASH_BYTES);
  }

  /** Hashes every inner node, those of one level together. */
  hashAll(): void {
    const inner = this.count - 1;
    let left = inner;
    for (let level = 1; left > 0; level++) {
      let lanes = 0;
      for (let node = 0; node < inner; node++) {
        if (this.level[node] !== level) continue;
        lanes = this.load(node, lanes);
        left -= 1;
        if (lanes === LANES_MAX) lanes = this.hashLoaded(lanes);
      }
      if (lanes > 0) this.hashLoaded(lanes);
    }
  }

  /** Hashes the nodes above an entry. */
  hashAbove(index: number): void {
    for (let node = this.parent[index]!; node >= 0; node = this.parent[node]!)
      this.hashLoaded(this.load(node - this.count, 0));
  }

  /** Hash of the whole: a copy. */
  root(): Uint8Array {
    return new Uint8Array(this.hashes.subarray(this.hashes.length - HASH_BYTES));
  }

  /** Whether the whole hashes to `root`. */
  isRoot(root: Uint8Array): boolean {
    return equalBytes(this.hashes.subarray(this.hashes.length - HASH_BYTES), root);
  }

  /**
   * Writes the steps from an entry to the root of the page, deepest first, as a run's path has them (spec §5.9): the
   * subtrees beside the way. Gives the index behind them.
   */
  writeSteps(index: number, out: Uint8Array, at: number): number {
    let end = at;
    let below = index;
    for (let node = this.parent[index]!; node >= 0; node = this.parent[node]!) {
      const inner = node - this.count;
      const right = this.left[inner] === below;
      const sibling = right ? this.right[inner]! : this.left[inner]!;
      end = writeStep(out, end, this.bit[inner]!, right, this.hashes, sibling * HASH_BYTES);
      below = node;
    }
    return end;
  }

  private levelOf(node: number): number {
    return node < this.count ? 0 : this.level[node - this.count]!;
  }

  /** Puts the children of an inner node beside those that wait to be hashed; gives how many wait. */
  private load(inner: number, lanes: number): number {
    const at = lanes * 2 * HASH_BYTES;
    copyHash(this.hashes, this.left[inner]! * HASH_BYTES, children, at);
    copyHash(this.hashes, this.right[inner]! * HASH_BYTES, children, at + HASH_BYTES);
    laneNodes[lanes] = this.count + inner;
    return lanes + 1;
  }

  private hashLoaded(lanes: number): 0 {
    hashInto(childrenOf[lanes]!, parentsOf[lanes]!);
    for (let lane = 0; lane < lanes; lane++)
      copyHash(parents, lane * HASH_BYTES, this.hashes, laneNodes[lane]! * HASH_BYTES);
    return 0;
  }
}

/** Writes one step of a run's path: its bit and side, and the hash that begins at `from`. Spec §5.9. */
export function writeStep(
  out: Uint8Array,
  at: number,
  bit: number,
  right: boolean,
  hashes: Uint8Array,
  from: number,
): number {
  const head = 2 * bit + (right ? 1 : 0);
  out[at] = head >> 8;
  out[at + 1] = head & 255;
  copyHash(hashes, from, out, at + 2);
  return at + STEP_BYTES;
}

/** Copies a hash. For so few bytes a loop is faster than any call. */
function copyHash(from: Uint8Array, fromAt: number, to: Uint8Array, toAt: number): void {
  for (let index = 0; index < HASH_BYTES; index++) to[toAt + index] = from[fromAt + index]!;
}
