import { IntList } from "./int-list.ts";
import { rarityOf } from "./rarity.ts";

/** Which keys each row of two lists has, and which rows of each list have a key. */
export type KeyIndex = {
  readonly left: SideKeys;
  readonly right: SideKeys;
  /** How many rows of both lists have each key; 0 where one list alone has it. */
  readonly counts: Int32Array;
  /** How rare each key is, see {@link rarityOf}. */
  readonly weights: Int32Array;
};

/** One list's part of a {@link KeyIndex}: lists of lists, each from its offset to the next one's. */
export type SideKeys = {
  readonly keyOffsets: Int32Array;
  readonly keys: Int32Array;
  readonly rowOffsets: Int32Array;
  readonly rows: Int32Array;
};

/** How many numbers of keys there are for each row, up to a bound: so that few different keys have the same. */
const NUMBERS_OF_ROW = 32;
const NUMBERS_MIN = 1 << 14;
const NUMBERS_MAX = 1 << 21;

/** Collects the hashes of keys, row by row: the left rows in their order, then the right ones. */
export function keyIndexMaker(rows: number): {
  readonly add: (side: "left" | "right", hashes: Iterable<number>) => void;
  readonly finish: () => KeyIndex;
} {
  let size = NUMBERS_MIN;
  while (size < NUMBERS_MAX && size < NUMBERS_OF_ROW * rows) size *= 2;
  const sides = {
    left: { ends: new IntList(), items: new IntList() },
    right: { ends: new IntList(), items: new IntList() },
  };
  const counts = { left: new Int32Array(size), right: new Int32Array(size) };
  const last = new Int32Array(size).fill(-1);
  let row = 0;
  return {
    add: (side, hashes) => {
      for (const hash of hashes) {
        const key = (hash ^ (hash >>> 15)) & (size - 1);
        if (last[key] === row) continue;
        last[key] = row;
        counts[side][key]! += 1;
        sides[side].items.push(key);
      }
      sides[side].ends.push(sides[side].items.size);
      row += 1;
    },
    finish: () => {
      const both = counts.left.map((count, key) =>
        count === 0 || counts.right[key] === 0 ? 0 : count + counts.right[key]!,
      );
      return {
        left: turned(sides.left, both),
        right: turned(sides.right, both),
        counts: both,
        weights: both.map((count) => (count === 0 ? 0 : rarityOf(count, rows))),
      };
    },
  };
}

/** Lists of numbers, one behind the other: where each ends, and all of them. */
type Lists = { readonly ends: IntList; readonly items: IntList };

/** The lists of keys by row, without those that find nothing, and the lists of rows by key. */
function turned(lists: Lists, counts: Int32Array): SideKeys {
  const [ends, items] = [lists.ends.items, lists.items.items];
  const keyOffsets = new Int32Array(ends.length + 1);
  const rowOffsets = new Int32Array(counts.length + 1);
  let size = 0;
  let at = 0;
  // What finds something moves forward within the list.
  for (const [row, end] of ends.entries()) {
    for (; at < end; at++) {
      const key = items[at]!;
      if (counts[key] === 0) continue;
      items[size++] = key;
      rowOffsets[key + 1]! += 1;
    }
    keyOffsets[row + 1] = size;
  }
  const keys = items.slice(0, size);
  for (let key = 0; key < counts.length; key++) rowOffsets[key + 1]! += rowOffsets[key]!;
  const rows = new Int32Array(size);
  const next = rowOffsets.slice(0, counts.length);
  for (let row = 0; row < ends.length; row++) {
    for (let place = keyOffsets[row]!; place < keyOffsets[row + 1]!; place++) {
      rows[next[keys[place]!]!++] = row;
    }
  }
  return { keyOffsets, keys, rowOffsets, rows };
}
