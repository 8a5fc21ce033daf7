import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, hexToBytes } from "../hex.ts";
import { ReferenceTree, someLeaves } from "./reference.testing.ts";
import {
  appendLeaf,
  appendLeaves,
  decodeFrontier,
  EMPTY_FRONTIER,
  emptyRoot,
  encodeFrontier,
  frontierRoot,
  type LogFrontier,
  leafHash,
  peaksOf,
  readFrontier,
  readSubtreeRoot,
  rootOf,
} from "./tree.ts";

// The entries and roots that Certificate Transparency's implementations share:
// github.com/transparency-dev/merkle, testonly/constants.go.
const ENTRIES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const LEAVES = someLeaves(600);
const REFERENCE = new ReferenceTree(LEAVES);
const sizes = fc.integer({ min: 0, max: LEAVES.length });

describe("the Merkle tree", () => {
  test("has the published roots", () => {
    const leaves = ENTRIES.map((entry) => leafHash(hexToBytes(entry)!));
    expect(bytesToHex(emptyRoot())).toBe(ROOTS[0]);
    for (const [size, root] of ROOTS.entries()) {
      expect(bytesToHex(rootOf(leaves.slice(0, size))), `size ${size}`).toBe(root);
    }
  });

  test("has the root of the recursive definition at every size", () => {
    let frontier = EMPTY_FRONTIER;
    for (let size = 1; size <= 130; size++) {
      frontier = appendLeaf(frontier, LEAVES[size - 1]!);
      expect(frontierRoot(frontier), `size ${size}`).toEqual(REFERENCE.root(0, size));
    }
  });

  test("grows the same however the leaves are cut into batches", () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 8 }), (size, cuts) => {
        let frontier = EMPTY_FRONTIER;
        for (const cut of [...cuts, size]) {
          const end = Math.min(size, frontier.size + cut);
          frontier = appendLeaves(frontier, LEAVES.slice(frontier.size, end));
        }
        expect(frontier).toEqual(appendLeaves(EMPTY_FRONTIER, LEAVES.slice(0, size)));
      }),
    );
  });

  test("leaves the frontier that it grows from as it was", () => {
    const before = appendLeaves(EMPTY_FRONTIER, LEAVES.slice(0, 7));
    const root = frontierRoot(before);
    appendLeaves(before, LEAVES.slice(7, 20));
    expect(before.size).toBe(7);
    expect(frontierRoot(before)).toEqual(root);
  });

  test("tells the observer of every complete subtree once, with its hash", () => {
    const { hashAt } = REFERENCE;
    const seen = new Set<string>();
    appendLeaves(EMPTY_FRONTIER, LEAVES.slice(0, 70), (level, index, hash) => {
      const name = `${level}/${index}`;
      expect(hash, name).toEqual(hashAt(level, index));
      expect(seen.has(name), name).toBe(false);
      seen.add(name);
    });
    expect(seen.size).toBe(70 + 35 + 17 + 8 + 4 + 2 + 1);
  });

  test("is found again in stored subtrees", () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const frontier = appendLeaves(EMPTY_FRONTIER, LEAVES.slice(0, size));
        expect(readFrontier(REFERENCE.hashAt, size)).toEqual(frontier);
        if (size > 0) expect(readSubtreeRoot(REFERENCE.hashAt, 0, size)).toEqual(frontierRoot(frontier));
      }),
      { numRuns: 30 },
    );
  });

  test("covers the largest log with one subtree for each bit of its size", () => {
    const peaks = peaksOf(0, Number.MAX_SAFE_INTEGER);
    expect(peaks.length).toBe(53);
    expect(peaks[0]).toEqual({ level: 52, index: 0 });
    expect(peaks.at(-1)).toEqual({ level: 0, index: Number.MAX_SAFE_INTEGER - 1 });
  });
});

describe("the frontier's bytes", () => {
  test("lead back to the frontier", () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const frontier = appendLeaves(EMPTY_FRONTIER, LEAVES.slice(0, size));
        expect(decodeFrontier(encodeFrontier(frontier))).toEqual({ ok: true, value: frontier });
      }),
    );
  });

  test("hold sizes beyond 32 bits, and nothing beyond 2^53-1", () => {
    const peaks = (count: number): LogFrontier["peaks"] => LEAVES.slice(0, count);
    const large = { size: 2 ** 40 + 1, peaks: peaks(2) };
    expect(decodeFrontier(encodeFrontier(large))).toEqual({ ok: true, value: large });
    const largest = { size: Number.MAX_SAFE_INTEGER, peaks: peaks(53) };
    const bytes = encodeFrontier(largest);
    expect(decodeFrontier(bytes)).toEqual({ ok: true, value: largest });
    bytes[1] = 0x20;
    expect(decodeFrontier(bytes)).toMatchObject({ ok: false, fault: { field: "size" } });
  });

  test("are refused when anything is missing or left over", () => {
    const bytes = encodeFrontier(appendLeaves(EMPTY_FRONTIER, LEAVES.slice(0, 11)));
    for (let length = 0; length < bytes.length; length++) {
      expect(decodeFrontier(bytes.subarray(0, length)).ok, `${length} bytes`).toBe(false);
    }
    expect(decodeFrontier(new Uint8Array([...bytes, 0])).ok).toBe(false);
  });
});
