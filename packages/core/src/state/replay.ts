import { assert } from "../assert.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { EXPIRY_BLOCKS_CROWDED, EXPIRY_BLOCKS_MAX, REPLAY_IDS_MAX } from "../limits.ts";
import { ENTRY_TYPES, isCount } from "./entry.ts";
import { replayKey } from "./key.ts";
import type { StateView } from "./view.ts";

/**
 * What a block leaves for telling repetitions: its height and, for each of its transactions, the id and the last
 * height. Spec §5.11: `[9, height, ids joined, [last height, ...]]`. A block at height h writes slot h mod the longest
 * expiry: what the slot held before has expired by then, so the window is bounded and nothing is deleted.
 */
export type ReplayBlock = {
  readonly height: number;
  readonly ids: readonly Uint8Array[];
  readonly lastHeights: readonly number[];
};

/** The slot of a block's replay entry. */
export function replaySlotOf(height: number): number {
  return height % EXPIRY_BLOCKS_MAX;
}

/** Canonical bytes of a block's replay entry. */
export function encodeReplay(block: ReplayBlock): Uint8Array {
  const ids = new Uint8Array(32 * block.ids.length);
  for (const [at, id] of block.ids.entries()) ids.set(id, 32 * at);
  return encodeCbor([ENTRY_TYPES.replay, block.height, ids, block.lastHeights]);
}

/** The replay entry of its bytes; undefined when they are none. */
export function decodeReplay(bytes: Uint8Array): ReplayBlock | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [type, height, ids, lastHeights] = value as CborValue[];
  if (type !== ENTRY_TYPES.replay || !isCount(height) || !(ids instanceof Uint8Array)) return undefined;
  if (!Array.isArray(lastHeights) || ids.length !== 32 * lastHeights.length) return undefined;
  if (!lastHeights.every((last) => isCount(last as CborValue))) return undefined;
  const split = lastHeights.map((_, at) => ids.subarray(32 * at, 32 * (at + 1)));
  return { height, ids: split, lastHeights: lastHeights as number[] };
}

/** The ids of transactions that could still be repeated: the state's replay entries, ready for look-up. */
export type ReplayWindow = {
  /** The height at which a transaction entered, while it could still be repeated; else undefined. */
  readonly heightOf: (id: Uint8Array) => number | undefined;
  /**
   * Where a transaction entered, while it could still be repeated: the height, and its index among those of the block. It
   * is found without reading the block's entry: whoever repeats old transactions costs nothing.
   */
  readonly placeOf: (id: Uint8Array) => { readonly height: number; readonly index: number } | undefined;
  /** Whether it holds half of what it may, or more: then only what expires soon may enter. Spec §5.11.4. */
  readonly isCrowded: () => boolean;
  /** Whether no more may enter with the block of a height, which the next one may take. Spec §5.11.4. */
  readonly isFull: (height: number) => boolean;
  /** Remembers a transaction that entered; without an index, after the one of its block that was added before it. */
  readonly add: (id: Uint8Array, height: number, lastHeight: number, index?: number) => void;
  /** Forgets what may no longer enter at this height or later. */
  readonly expire: (height: number) => void;
};

/** An id as the key of a map: a character for each byte. */
function makeName(id: Uint8Array): string {
  return String.fromCharCode.apply(null, id as unknown as number[]);
}

/** More transactions than any block has: a place is remembered as one number, height times this plus index. */
const PLACES_OF_BLOCK = 2 ** 20;

/**
 * A window that remembers nothing yet, and at most so many ids. It can never be so full that nothing enters: then no block
 * would come, no height would pass, and nothing would expire for ever. Half of it is for what expires soon, and no block
 * takes more of that than its share.
 */
export function replayWindow(idsMax: number = REPLAY_IDS_MAX): ReplayWindow {
  const half = Math.floor(idsMax / 2);
  const crowdedBlockMax = Math.floor(half / EXPIRY_BLOCKS_CROWDED);
  const places = new Map<string, number>();
  const byExpiry = new Map<number, string[]>();
  let expired = 0;
  let lastPlace = -1;
  // The same id is asked for and then added: its name is made once.
  let lastId: Uint8Array | undefined;
  let lastName = "";
  const nameOf = (id: Uint8Array): string => {
    if (id !== lastId) {
      lastId = id;
      lastName = makeName(id);
    }
    return lastName;
  };
  return {
    heightOf: (id) => {
      const place = places.get(nameOf(id));
      return place === undefined ? undefined : Math.floor(place / PLACES_OF_BLOCK);
    },
    placeOf: (id) => {
      const place = places.get(nameOf(id));
      if (place === undefined) return undefined;
      return { height: Math.floor(place / PLACES_OF_BLOCK), index: place % PLACES_OF_BLOCK };
    },
    isCrowded: () => places.size >= half,
    isFull: (height) => {
      const entered = Math.max(0, lastPlace + 1 - height * PLACES_OF_BLOCK);
      return places.size >= half && entered >= crowdedBlockMax;
    },
    add: (id, height, lastHeight, index) => {
      const name = nameOf(id);
      const first = height * PLACES_OF_BLOCK;
      const next = index === undefined ? Math.max(first, lastPlace + 1) : first + index;
      assert(next < first + PLACES_OF_BLOCK, "blocks come in order, and none has so many transactions");
      lastPlace = next;
      places.set(name, next);
      const same = byExpiry.get(lastHeight);
      if (same === undefined) byExpiry.set(lastHeight, [name]);
      else same.push(name);
    },
    expire: (height) => {
      const forget = (lastHeight: number): void => {
        for (const name of byExpiry.get(lastHeight) ?? []) places.delete(name);
        byExpiry.delete(lastHeight);
      };
      if (height - expired > EXPIRY_BLOCKS_MAX) {
        // A jump over many heights, as at the start: what is remembered is less to look through.
        for (const lastHeight of [...byExpiry.keys()]) if (lastHeight < height) forget(lastHeight);
        expired = height;
      }
      for (; expired < height; expired++) forget(expired);
    },
  };
}

/** Fills a window from the state, as it stood after the block at `height`. */
export function readReplayWindow(view: StateView, height: number): ReplayWindow {
  const window = replayWindow();
  window.expire(height + 1);
  const first = Math.max(0, height - EXPIRY_BLOCKS_MAX + 1);
  for (let at = first; at <= height; at++) {
    const bytes = view.get(replayKey(replaySlotOf(at)));
    const block = bytes === undefined ? undefined : decodeReplay(bytes);
    if (block?.height !== at) continue;
    for (const [index, id] of block.ids.entries()) {
      const lastHeight = block.lastHeights[index]!;
      if (lastHeight > height) window.add(id, at, lastHeight, index);
    }
  }
  return window;
}
