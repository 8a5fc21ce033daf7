/**
 * Remembers codes by 64 bits of a hash, in memory that never grows beyond its limit: 24 bytes for each of up to four
 * million codes. What it says is a hint: one code in a million million may be taken for another, so nothing is
 * refused for it alone.
 */
export type SeenCodes = {
  /** Whether the code seems to have been seen before; remembers it, with its row, while there is room. */
  readonly add: (code: string, row: number) => number | undefined;
  /** Whether there was room for every code. */
  readonly isComplete: () => boolean;
};

const CODES_MAX = 4_194_304;
const SLOTS_MIN = 65_536;

/** A memory that is empty. */
export function seenCodes(codesMax: number = CODES_MAX): SeenCodes {
  let slots = SLOTS_MIN;
  let table = emptyTable(slots);
  let count = 0;
  let isComplete = true;
  const grow = (): void => {
    const old = table;
    slots *= 2;
    table = emptyTable(slots);
    for (let at = 0; at < old.high.length; at++) {
      const [high, low] = [old.high[at]!, old.low[at]!];
      if (high !== 0) fill(table, findSlot(table, high, low), high, low, old.rows[at]!);
    }
  };
  return {
    add: (code, row) => {
      const high = hashOf(code, 0x811c9dc5, 0x01000193) || 1;
      const low = hashOf(code, 0x9e3779b9, 0x85ebca6b);
      const at = findSlot(table, high, low);
      if (table.high[at] === high) return table.rows[at];
      if (count >= codesMax) {
        isComplete = false;
        return undefined;
      }
      fill(table, at, high, low, row);
      count += 1;
      if (2 * count > slots) grow();
      return undefined;
    },
    isComplete: () => isComplete,
  };
}

/** Slots of hashes, in two halves of 32 bits, and rows; a slot whose higher half is zero is free. */
type Table = { readonly high: Uint32Array; readonly low: Uint32Array; readonly rows: Uint32Array };

function emptyTable(slots: number): Table {
  return { high: new Uint32Array(slots), low: new Uint32Array(slots), rows: new Uint32Array(slots) };
}

function fill({ high, low, rows }: Table, at: number, hashHigh: number, hashLow: number, row: number): void {
  high[at] = hashHigh;
  low[at] = hashLow;
  rows[at] = row;
}

/** The slot of a hash, or the free one where it would be. */
function findSlot({ high, low }: Table, hashHigh: number, hashLow: number): number {
  const mask = high.length - 1;
  let at = (hashLow ^ hashHigh) & mask;
  while (high[at] !== 0 && (high[at] !== hashHigh || low[at] !== hashLow)) at = (at + 1) & mask;
  return at;
}

/** 32 bits of a text: FNV-1a with a given start and factor, and a last mixing of its bits. */
function hashOf(text: string, start: number, factor: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), factor);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
