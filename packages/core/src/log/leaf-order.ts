import { decodeLogLeaf } from "../block.ts";

/** What the next leaf of a log has to be: the height that is open, how many entries it has by now, and the last time. */
export type LeafOrder = { readonly height: number; readonly index: number; readonly timeMs: number };

/** What a log begins with: the seal of height 0, whose block has no transactions. */
export const FIRST_LEAF: LeafOrder = { height: 0, index: 0, timeMs: 0 };

/**
 * What comes after a leaf, given its bytes; undefined when it is not one that may stand there. Spec §8.3.4. Whoever reads
 * a log from its beginning so knows, without any state, that every height has one seal and where it stands.
 */
export function orderAfter(order: LeafOrder, leaf: Uint8Array): LeafOrder | undefined {
  const read = decodeLogLeaf(leaf);
  if (read === undefined || read.height !== order.height) return undefined;
  const { height, timeMs } = read;
  // All of a block is of one time, and blocks do not go back in time.
  if (order.index > 0 ? timeMs !== order.timeMs : timeMs < order.timeMs) return undefined;
  if ("stateRoot" in read) return { height: height + 1, index: 0, timeMs };
  return height > 0 && read.index === order.index ? { height, index: read.index + 1, timeMs } : undefined;
}
