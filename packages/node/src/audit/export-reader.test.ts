/**
 * Goal: the longest block that an export may hold is read like any other, and comes out as it was written.
 * Method: one frame of that length, in the pieces in which a file is read.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exportReader } from "./export-reader.ts";
import { FRAME_HEAD_BYTES, FRAME_KINDS } from "./export-registry.ts";

const folder = mkdtempSync(join(tmpdir(), "cityroot-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BLOCK_BYTES = 64 * 1024 * 1024;

// Put together anew with each piece, it would take longer than the test may.
test("a frame of a thousand pieces", { timeout: 10_000 }, async () => {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head[0] = FRAME_KINDS.block;
  head.writeBigUInt64BE(BigInt(BLOCK_BYTES), 1);
  const body = Buffer.alloc(BLOCK_BYTES, "0123456789");
  const path = join(folder, "long.export");
  writeFileSync(path, Buffer.concat([Buffer.from("{}\n"), head, body]));
  const reader = exportReader(path);
  expect(await reader.line()).toBe("{}");
  const { length } = await reader.frame();
  const read = await reader.take(length);
  expect(read.equals(body)).toBe(true);
  await expect(reader.frame()).rejects.toThrow("cut off");
  await reader.close();
});
