import fc from "fast-check";
import { expect, test } from "vitest";
import { ROW_BYTES_MAX, rowReader, rowWriter } from "./row-stream.ts";

function chunksOf(rows: readonly Uint8Array[], chunkBytes: number): { chunks: Buffer[]; bytes: number } {
  const chunks: Buffer[] = [];
  const writer = rowWriter(chunkBytes, (chunk) => chunks.push(Buffer.from(chunk)));
  for (const row of rows) writer.add(row);
  return { bytes: writer.end(), chunks };
}

test("rows of any length come out as they went in, whatever the length of the chunks", () => {
  const row = fc.uint8Array({ minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), fc.integer({ min: 1, max: 50 }), (rows, chunkBytes) => {
      const { chunks, bytes } = chunksOf(rows, chunkBytes);
      expect(bytes).toBe(rows.reduce((sum, { length }) => sum + 4 + length, 0));
      expect(chunks.slice(0, -1).every(({ length }) => length === chunkBytes)).toBe(true);
      const reader = rowReader();
      const read = chunks.flatMap((chunk) => [...reader.take(chunk)!].map((bytes) => Buffer.from(bytes)));
      expect(read.map((bytes) => bytes.toString("hex"))).toEqual(
        rows.map((bytes) => Buffer.from(bytes).toString("hex")),
      );
      expect(reader.isWhole()).toBe(true);
    }),
  );
});

test("a row that has no end is told, and one that is empty or too long is refused", () => {
  const { chunks } = chunksOf([new Uint8Array(30)], 8);
  const reader = rowReader();
  for (const chunk of chunks.slice(0, -1)) expect(reader.take(chunk)).toEqual([]);
  expect(reader.isWhole()).toBe(false);
  expect(rowReader().take(Buffer.alloc(8))).toBeUndefined();
  const long = Buffer.alloc(8);
  long.writeUInt32LE(ROW_BYTES_MAX + 1, 0);
  expect(rowReader().take(long)).toBeUndefined();
});
