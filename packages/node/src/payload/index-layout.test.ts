import type { Code } from "@cityroot/codes/ma/code";
import { BATCH_ITEMS_MAX } from "@cityroot/core/limits";
import { describe, expect, test } from "vitest";
import {
  countPages,
  decodeHeader,
  encodeHeader,
  HEADER_BYTES,
  hashSlot,
  indexBytes,
  LEAF_PAGE_BYTES,
  PAGE_HASHES_BYTES,
  placeOfPage,
  UPPER_PAGE_BYTES,
} from "./index-layout.ts";

/** The pages of an index in the order in which they are written, when each is as soon as its children are. */
function writePages(
  items: number,
): { readonly level: number; readonly index: number; readonly at: number }[] {
  const pages: { level: number; index: number; at: number }[] = [];
  const children: number[] = [];
  const written: number[] = [];
  let at = HEADER_BYTES;
  const write = (level: number) => {
    pages.push({ level, index: written[level] ?? 0, at });
    written[level] = (written[level] ?? 0) + 1;
    at += level === 0 ? LEAF_PAGE_BYTES : UPPER_PAGE_BYTES;
    children[level] = 0;
    add(level + 1);
  };
  const add = (level: number) => {
    children[level] = (children[level] ?? 0) + 1;
    if (children[level] === 64) write(level);
  };
  for (let item = 0; item < items; item++) add(0);
  for (let level = 0; level === 0 || written[level - 1]! > 1; level++) if (children[level]) write(level);
  return pages;
}

describe("the pages of an index", () => {
  test("are where they come to be when written as their children come in", () => {
    const counts = [1, 2, 63, 64, 65, 127, 128, 129, 4_095, 4_096, 4_097, 4_160, 4_161, 8_192, 8_193];
    for (const items of [...counts, 262_143, 262_144, 262_145, 270_400, 600_001]) {
      const pages = writePages(items);
      const perLevel = countPages(items);
      for (const { level, index, at } of pages) {
        expect(placeOfPage(perLevel, level, index), `page ${index} of level ${level} of ${items} items`).toBe(
          at,
        );
      }
      const levels = perLevel.map((_, level) => pages.filter((page) => page.level === level).length);
      expect(levels, `${items} items`).toEqual(perLevel);
      const last = pages.at(-1)!;
      const lastBytes = last.level === 0 ? LEAF_PAGE_BYTES : UPPER_PAGE_BYTES;
      expect(indexBytes(items), `${items} items`).toBe(last.at + lastBytes);
    }
  });

  test("are four levels for the largest batch", () => {
    expect(countPages(BATCH_ITEMS_MAX)).toEqual([262_144, 4_096, 64, 1]);
  });

  test("hold each level's hashes after those of the level below", () => {
    let slot = 0;
    for (let level = 0; level < 6; level++) {
      for (let index = 0; index < 64 >> level; index++) {
        expect(hashSlot(level, index), `${index} of level ${level}`).toBe(slot++);
      }
    }
    expect(slot * 32).toBe(PAGE_HASHES_BYTES);
  });
});

describe("a header", () => {
  const payload = {
    digest: new Uint8Array(32).fill(1),
    sizeBytes: 2 ** 40 + 5,
    root: new Uint8Array(32).fill(2),
    count: BATCH_ITEMS_MAX,
    first: "MA.156.1301.02/60.10000000.1/1" as Code,
    last: `MA.156.1301.02/60.10000000.1/${"z".repeat(50)}` as Code,
  };

  test("is read as it was written", () => {
    const header = encodeHeader(payload);
    expect(header.length).toBe(HEADER_BYTES);
    expect(decodeHeader(header)).toEqual(payload);
  });

  test("is refused when any byte of it has changed", () => {
    const header = encodeHeader(payload);
    for (let at = 0; at < header.length; at++) {
      const changed = Buffer.from(header);
      changed[at]! ^= 1;
      expect(decodeHeader(changed), `byte ${at}`).toBeUndefined();
    }
    expect(decodeHeader(header.subarray(0, -1))).toBeUndefined();
  });
});
