import { assert } from "@cityroot/core/assert";

/** Longest row that a snapshot holds, in bytes: no block and no page is longer. */
export const ROW_BYTES_MAX: number = 256 * 1024 * 1024;

const LENGTH_BYTES = 4;

/** Takes rows and gives them as chunks of equal length, the last one shorter. */
export type RowWriter = {
  readonly add: (row: Uint8Array) => void;
  /** Gives the last chunk; the bytes of all chunks. */
  readonly end: () => number;
};

/** Cuts rows, each after its length in four bytes, lowest first, into chunks. `onChunk` uses the bytes before it returns. */
export function rowWriter(chunkBytes: number, onChunk: (rows: Buffer) => void): RowWriter {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const length = Buffer.allocUnsafe(LENGTH_BYTES);
  let filled = 0;
  let total = 0;
  const put = (bytes: Uint8Array): void => {
    total += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + chunkBytes - filled);
      chunk.set(bytes.subarray(at, end), filled);
      filled += end - at;
      at = end;
      if (filled < chunkBytes) continue;
      onChunk(chunk);
      filled = 0;
    }
  };
  return {
    add: (row) => {
      assert(row.length <= ROW_BYTES_MAX, "no row of the store is that long");
      length.writeUInt32LE(row.length, 0);
      put(length);
      put(row);
    },
    end: () => {
      if (filled > 0) onChunk(chunk.subarray(0, filled));
      filled = 0;
      return total;
    },
  };
}

/** Takes chunks in their order and gives the rows that end in them. */
export type RowReader = {
  /**
   * The rows that end in a chunk: views of it, or copies. Undefined when a row is empty or longer than
   * {@link ROW_BYTES_MAX}.
   */
  readonly take: (chunk: Buffer) => readonly Buffer[] | undefined;
  /** Whether no row is left that began and did not end. */
  readonly isWhole: () => boolean;
};

/** Puts rows together again that {@link rowWriter} cut. */
export function rowReader(): RowReader {
  const head = Buffer.alloc(LENGTH_BYTES);
  let headBytes = 0;
  // The row that began and did not end: its length, and its parts so far.
  let length = 0;
  let parts: Buffer[] = [];
  let partBytes = 0;
  const takeRow = (part: Buffer): Buffer => {
    const row = parts.length === 0 ? part : Buffer.concat([...parts, part]);
    headBytes = 0;
    parts = [];
    partBytes = 0;
    return row;
  };
  return {
    take: (chunk) => {
      const rows: Buffer[] = [];
      for (let at = 0; at < chunk.length; ) {
        if (headBytes < LENGTH_BYTES) {
          const copied = chunk.copy(head, headBytes, at, at + LENGTH_BYTES - headBytes);
          headBytes += copied;
          at += copied;
          if (headBytes < LENGTH_BYTES) break;
          length = head.readUInt32LE(0);
          if (length === 0 || length > ROW_BYTES_MAX) return undefined;
        }
        const end = Math.min(chunk.length, at + length - partBytes);
        const part = chunk.subarray(at, end);
        if (partBytes + part.length === length) rows.push(takeRow(part));
        else {
          parts.push(part);
          partBytes += part.length;
        }
        at = end;
      }
      return rows;
    },
    isWhole: () => headBytes === 0,
  };
}
