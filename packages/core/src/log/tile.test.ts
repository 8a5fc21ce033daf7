import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proveConsistency, verifyConsistency } from "./consistency.ts";
import { proveInclusion, verifyInclusion } from "./inclusion.ts";
import { someLeaves } from "./reference.testing.ts";
import {
  changedTiles,
  checkTile,
  decodeEntryBundle,
  ENTRY_BYTES_MAX,
  encodeEntryBundle,
  entriesPath,
  hashAtOfTiles,
  parseTilePath,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tilesForConsistency,
  tilesForInclusion,
  tilesOf,
  tileWidthAt,
} from "./tile.ts";
import { appendLeaves, EMPTY_FRONTIER, frontierRoot, peaksOf, readFrontier, rootOf } from "./tree.ts";

const LEAVES = someLeaves(70_000);

describe("a tile path", () => {
  test("is written as the specification shows", () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
    expect(tilePath({ level: 2, index: 0, width: 17 })).toBe("tile/2/000.p/17");
    expect(entriesPath({ index: 999, width: 256 })).toBe("tile/entries/999");
    expect(entriesPath({ index: 1000, width: 1 })).toBe("tile/entries/x001/000.p/1");
    expect(tilePath({ level: 63, index: Number.MAX_SAFE_INTEGER, width: 255 })).toBe(
      "tile/63/x009/x007/x199/x254/x740/991.p/255",
    );
  });

  test("is read back as what it was written from", () => {
    const index = fc.oneof(fc.nat({ max: 5_000 }), fc.maxSafeNat());
    const width = fc.integer({ min: 1, max: TILE_WIDTH });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), index, width, (level, at, wide) => {
        const tile = { level, index: at, width: wide };
        expect(parseTilePath(tilePath(tile))).toEqual({ ok: true, value: { kind: "tile", ...tile } });
        const bundle = { index: at, width: wide };
        expect(parseTilePath(entriesPath(bundle))).toEqual({
          ok: true,
          value: { kind: "entries", ...bundle },
        });
      }),
    );
  });

  test.each([
    ["", "nothing"],
    ["/tile/0/000", "a slash before"],
    ["tile/0/000/", "a slash after"],
    ["tile/0//000", "an empty element"],
    ["tile/8/0/000", "another height scheme"],
    ["tile/00/000", "a level with a leading zero"],
    ["tile/64/000", "a level above 63"],
    ["tile/-1/000", "a negative level"],
    ["tile/data/000", "another name for entries"],
    ["tile/Entries/000", "another case"],
    ["tile/0/0", "too few digits"],
    ["tile/0/0000", "too many digits"],
    ["tile/0/x000", "an x on the last element"],
    ["tile/0/001/000", "no x on the first element"],
    ["tile/0/X001/000", "a large x"],
    ["tile/0/x000/001", "a leading group of zeros"],
    ["tile/0/x009/x007/x199/x254/x740/992", "an index above 2^53-1"],
    ["tile/0/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/x999/999", "a very long path"],
    ["tile/0/000.p", "no width"],
    ["tile/0/000.p/", "an empty width"],
    ["tile/0/000.p/0", "no hashes"],
    ["tile/0/000.p/01", "a width with a leading zero"],
    ["tile/0/000.p/256", "a full tile spelled as a partial one"],
    ["tile/0/000.p/+1", "a sign"],
    ["tile/0/000.p/1/", "a slash after the width"],
    ["tile/0/000?x", "a query"],
    ["tile/0/000\n", "a line end"],
    ["tile/0/٠٠٠", "digits of another script"],
    ["tile/0/../0/000", "dots"],
  ])("%j is refused: %s", (path) => {
    expect(parseTilePath(path)).toMatchObject({ ok: false });
  });

  test("is refused for any text that is not written so", () => {
    const pieces = fc.constantFrom(
      "tile",
      "entries",
      "/",
      "x",
      "0",
      "1",
      "000",
      "123",
      ".p",
      "255",
      "256",
      " ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 10 }), (some) => {
        const path = some.join("");
        const read = parseTilePath(path);
        if (!read.ok) return;
        expect(read.value.kind === "tile" ? tilePath(read.value) : entriesPath(read.value)).toBe(path);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the tiles of a log", () => {
  // C2SP tlog-tiles, "Partial Tiles".
  test("are those of the specification's examples", () => {
    const tiles = changedTiles(0, 70_000);
    const widths = (level: number) =>
      tiles.filter((tile) => tile.level === level).map((tile) => tile.newWidth);
    expect(widths(0)).toEqual([...Array(273).fill(256), 112]);
    expect(widths(1)).toEqual([256, 17]);
    expect(widths(2)).toEqual([1]);
    expect(widths(3)).toEqual([]);
    expect(changedTiles(0, 256)).toEqual([
      { level: 0, index: 0, oldWidth: 0, newWidth: 256 },
      { level: 1, index: 0, oldWidth: 0, newWidth: 1 },
    ]);
  });

  test("do not change when the log does not grow", () => {
    expect(changedTiles(300, 300)).toEqual([]);
    expect(changedTiles(0, 0)).toEqual([]);
  });

  test("change by exactly the hashes that are new", () => {
    const size = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(size, size, (a, b) => {
        const [oldSize, newSize] = [Math.min(a, b), Math.max(a, b)];
        const added = [0, 0, 0];
        for (const { level, index, oldWidth, newWidth } of changedTiles(oldSize, newSize)) {
          expect(newWidth).toBeGreaterThan(oldWidth);
          expect(oldWidth).toBe(tileWidthAt(level, index, oldSize));
          expect(newWidth).toBe(tileWidthAt(level, index, newSize));
          added[level]! += newWidth - oldWidth;
        }
        const hashes = (of: number) => [of, Math.floor(of / 256), Math.floor(of / 65_536)];
        expect(added).toEqual(hashes(newSize).map((count, level) => count - hashes(oldSize)[level]!));
      }),
    );
  });

  test("have exact widths in the largest log", () => {
    const size = Number.MAX_SAFE_INTEGER;
    expect(tileWidthAt(0, 2 ** 45 - 1, size)).toBe(255);
    expect(tileWidthAt(0, 2 ** 45 - 2, size)).toBe(256);
    expect(tileWidthAt(0, 2 ** 45, size)).toBe(0);
    expect(tileWidthAt(6, 0, size)).toBe(31);
    expect(tileWidthAt(7, 0, size)).toBe(0);
  });
});

describe("proofs from tiles", () => {
  const stored = new Map<string, Uint8Array[]>();
  const frontier = appendLeaves(EMPTY_FRONTIER, LEAVES, (level, index, hash) => {
    if (level % 8 !== 0) return;
    const name = `${level / 8}/${Math.floor(index / 256)}`;
    stored.set(name, [...(stored.get(name) ?? []), hash]);
  });

  /** Serves only the tiles that were asked for, cut to the width they have at the size they were asked for. */
  function serve(tiles: readonly Tile[]) {
    return hashAtOfTiles((level, index) => {
      const tile = tiles.find((some) => some.level === level && some.index === index);
      const rows = stored.get(`${level}/${index}`)!.slice(0, tile!.width);
      return new Uint8Array(rows.flatMap((row) => [...row]));
    });
  }

  test("of inclusion need no tile but those that are named", () => {
    const places = fc
      .oneof(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: LEAVES.length }))
      .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));
    fc.assert(
      fc.property(places, ([index, size]) => {
        const tiles = tilesForInclusion(index, size);
        const proof = proveInclusion(serve(tiles), index, size);
        const root = frontierRoot(readFrontier(serve(tilesOf(peaksOf(0, size), size)), size));
        expect(verifyInclusion(LEAVES[index]!, proof, root)).toBe(true);
        expect(tiles.every((tile) => tile.width === tileWidthAt(tile.level, tile.index, size))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("of consistency need no tile but those that are named", () => {
    const newSize = LEAVES.length;
    for (const oldSize of [1, 255, 256, 257, 65_535, 65_536, 65_537, 69_999, 70_000]) {
      const proof = proveConsistency(serve(tilesForConsistency(oldSize, newSize)), oldSize, newSize);
      const oldRoot = rootOf(LEAVES.slice(0, oldSize));
      expect(verifyConsistency(oldRoot, frontierRoot(frontier), proof), `from ${oldSize}`).toBe(true);
    }
  });

  test("name each tile once", () => {
    const names = tilesForInclusion(69_000, 70_000).map(tilePath);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(["tile/0/269", "tile/1/001.p/17", "tile/0/273.p/112", "tile/2/000.p/1"]);
  });
});

describe("a tile's bytes", () => {
  test("are as long as its width says", () => {
    expect(checkTile(new Uint8Array(8_192), 256).ok).toBe(true);
    expect(checkTile(new Uint8Array(32), 1).ok).toBe(true);
    expect(checkTile(new Uint8Array(31), 1).ok).toBe(false);
    expect(checkTile(new Uint8Array(64), 1).ok).toBe(false);
  });
});

describe("an entry bundle", () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: TILE_WIDTH });

  test("leads back to its entries", () => {
    fc.assert(
      fc.property(entries, (some) => {
        expect(decodeEntryBundle(encodeEntryBundle(some), some.length)).toEqual({ ok: true, value: some });
      }),
    );
  });

  test("holds entries of up to 65535 bytes, after their length as two bytes", () => {
    const longest = new Uint8Array(ENTRY_BYTES_MAX).fill(7);
    const bytes = encodeEntryBundle([longest, new Uint8Array(0), new Uint8Array([1, 2])]);
    expect([...bytes.subarray(0, 2)]).toEqual([0xff, 0xff]);
    expect([...bytes.subarray(-6)]).toEqual([0, 0, 0, 2, 1, 2]);
    expect(decodeEntryBundle(bytes, 3).ok).toBe(true);
    expect(() => encodeEntryBundle([new Uint8Array(ENTRY_BYTES_MAX + 1)])).toThrow("invariant broken");
  });

  test("is refused when cut, lengthened, or of another width", () => {
    const bytes = encodeEntryBundle([new Uint8Array(3), new Uint8Array(0), new Uint8Array(5)]);
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeEntryBundle(bytes.subarray(0, length), 3).ok, `${length} bytes`).toBe(false);
    }
    expect(decodeEntryBundle(new Uint8Array([...bytes, 0]), 3).ok, "a byte more").toBe(false);
    expect(decodeEntryBundle(bytes, 2), "two entries").toMatchObject({
      ok: false,
      fault: { field: "bundle" },
    });
    expect(decodeEntryBundle(bytes, 4), "four entries").toMatchObject({
      ok: false,
      fault: { field: "entry[3]" },
    });
  });

  test("gets a verdict for any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 1, max: TILE_WIDTH }),
        (bytes, width) => {
          const read = decodeEntryBundle(bytes, width);
          if (read.ok) expect(encodeEntryBundle(read.value)).toEqual(bytes);
        },
      ),
    );
  });
});
