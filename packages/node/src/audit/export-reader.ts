import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { equalBytes } from "@cityroot/core/hex";
import { FRAME_HEAD_BYTES, FRAME_KINDS } from "./export-registry.ts";
import { HistoryError } from "./replay-blocks.ts";

const KINDS: readonly number[] = Object.values(FRAME_KINDS);

/** Longest head line that is read, in bytes. */
const HEAD_BYTES_MAX = 16 * 1024 * 1024;

/** Reads an export piece by piece, with the digest of what was read. */
export type ExportReader = {
  readonly take: (bytes: number) => Promise<Buffer>;
  readonly line: () => Promise<string>;
  /** The next frame's head; the end's sum is checked when it is met. */
  readonly frame: () => Promise<{ kind: number; length: number }>;
  readonly chunks: (length: number) => AsyncIterable<Buffer>;
  readonly finish: () => Promise<void>;
  readonly close: () => Promise<unknown>;
};

/** Opens an export. Throws a {@link HistoryError} for what is none, when it comes there. */
export function exportReader(path: string): ExportReader {
  const source = createReadStream(path)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const digest = createHash("sha256");
  let pending: Buffer = Buffer.alloc(0);
  let ended = false;
  const fill = async (): Promise<void> => {
    const next = await source.next();
    if (next.done === true) throw new HistoryError("the export is cut off");
    pending = pending.length === 0 ? next.value : Buffer.concat([pending, next.value]);
  };
  const cut = (bytes: number): Buffer => {
    const piece = pending.subarray(0, bytes);
    pending = pending.subarray(bytes);
    return piece;
  };
  const takeUnhashed = async (bytes: number): Promise<Buffer> => {
    if (pending.length >= bytes) return cut(bytes);
    // Put together once: a long block comes in very many pieces.
    const pieces: Buffer[] = [];
    for (let left = bytes; left > 0; ) {
      if (pending.length === 0) await fill();
      const piece = cut(Math.min(left, pending.length));
      pieces.push(piece);
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  };
  const take = async (bytes: number): Promise<Buffer> => {
    const piece = await takeUnhashed(bytes);
    digest.update(piece);
    return piece;
  };
  return {
    take,
    line: async () => {
      let end = pending.indexOf(10);
      while (end < 0) {
        if (pending.length > HEAD_BYTES_MAX) throw new HistoryError("the export begins with no head line");
        await fill();
        end = pending.indexOf(10);
      }
      const text = (await take(end + 1)).toString("utf8");
      return text.slice(0, -1);
    },
    frame: async () => {
      const head = await takeUnhashed(FRAME_HEAD_BYTES);
      const kind = head[0]!;
      const length = Number(head.readBigUInt64BE(1));
      if (!KINDS.includes(kind))
        throw new HistoryError(`the export holds a frame of the unknown kind ${kind}`);
      if (kind !== FRAME_KINDS.end) {
        digest.update(head);
        return { kind, length };
      }
      const sum = await takeUnhashed(32);
      if (!equalBytes(sum, digest.digest())) throw new HistoryError("the export is damaged: its sum differs");
      ended = true;
      return { kind, length };
    },
    chunks: async function* (length) {
      for (let left = length; left > 0; ) {
        if (pending.length === 0) await fill();
        const piece = cut(Math.min(left, pending.length));
        digest.update(piece);
        left -= piece.length;
        yield piece;
      }
    },
    finish: async () => {
      if (!ended) throw new HistoryError("the export holds a block after its payloads");
      const more = await source.next();
      if (more.done !== true || pending.length > 0)
        throw new HistoryError("the export goes on after its end");
    },
    close: async () => source.return?.(),
  };
}
