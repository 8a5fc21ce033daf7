import { existsSync, readdirSync } from "node:fs";
import { Readable } from "node:stream";
import type { Code } from "@cityroot/codes/ma/code";
import type { BatchItem } from "@cityroot/core/operation/batch-item";
import { batchOf, encodeItemStream, type ItemBatch } from "@cityroot/core/operation/item-stream";
import type { Interval } from "@cityroot/core/state/interval";

/** Parent of the codes of test items. */
export const PARENT = "MA.156.1301.02/60.10000000.1";

/** The code of an item; items have even numbers, so that there is a code between any two. */
export function codeOf(number: number): Code {
  return `${PARENT}/${String(number).padStart(7, "0")}` as Code;
}

/** Items as a city's lamps might be: a code, a name in two languages, a place. */
export function lamps(count: number): readonly BatchItem[] {
  return Array.from({ length: count }, (_, index) => ({
    code: codeOf(2 * index + 2),
    attributes: [
      [
        "name",
        [
          ["en", `Street lamp ${index}`],
          ["zh", `\u8def\u706f ${index}`],
        ],
      ],
      ["place", [380_423_000 + 7 * index, 1_145_143_000 + 3 * index]],
    ],
    links: [],
  }));
}

/** The batch of items that are known to make one. */
export function makeBatch(items: readonly BatchItem[]): ItemBatch {
  const made = batchOf(items);
  if (!made.ok) throw new Error(made.rejection.detail);
  const { root, digest } = made.value;
  return { ...made.value, root: Uint8Array.from(root), digest: Uint8Array.from(digest) };
}

/** The ledger's entry of a batch. */
export function intervalOf(batch: ItemBatch): Interval & { type: "batch" } {
  const { first, last, count, root, digest, bytes } = batch;
  const payload = { digest, sizeBytes: bytes.length };
  const since = { height: 1, timeMs: 1 };
  const description = { class: "lamp", attributes: [], links: [], commitments: [] };
  return { type: "batch", first, last, count, root, payload, since, ...description };
}

/** A stream of bytes in pieces of a length. */
export function streamOf(bytes: Uint8Array, pieceBytes = 65_536): Readable {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
  return Readable.from(pieces);
}

/** A stream of items. */
export function streamOfItems(items: readonly BatchItem[]): Readable {
  return streamOf(encodeItemStream(items));
}

/** Names of all files below a folder, in order; none where there is no folder. */
export function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}
