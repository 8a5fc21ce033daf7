import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hexToBytes } from "../hex.ts";
import { inclusionNodes, pathOfNext, proveInclusion, verifyInclusion } from "./inclusion.ts";
import { ReferenceTree, someLeaves, turnBit } from "./reference.testing.ts";
import { appendLeaves, EMPTY_FRONTIER, PROOF_HASHES_MAX, rootOf } from "./tree.ts";

const LEAVES = someLeaves(900);
const REFERENCE = new ReferenceTree(LEAVES);

describe("an inclusion proof", () => {
  test("is that of the recursive definition and verifies, for every leaf of every size", () => {
    for (let size = 1; size <= 130; size++) {
      const root = REFERENCE.root(0, size);
      for (let index = 0; index < size; index++) {
        const proof = proveInclusion(REFERENCE.hashAt, index, size);
        expect(proof.path, `${index} of ${size}`).toEqual(REFERENCE.path(index, 0, size));
        expect(verifyInclusion(LEAVES[index]!, proof, root), `${index} of ${size}`).toBe(true);
      }
    }
  });

  test("of the last leaf is the peaks before it, for every size", () => {
    for (let size = 1; size <= 130; size++) {
      const before = appendLeaves(EMPTY_FRONTIER, LEAVES.slice(0, size - 1));
      expect(pathOfNext(before), `${size}`).toEqual(REFERENCE.path(size - 1, 0, size));
    }
  });

  test("verifies in larger logs", () => {
    const places = fc
      .integer({ min: 131, max: LEAVES.length })
      .chain((size) => fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.constant(size)));
    fc.assert(
      fc.property(places, ([index, size]) => {
        const leaves = LEAVES.slice(0, size);
        const proof = proveInclusion(REFERENCE.hashAt, index, size);
        expect(verifyInclusion(leaves[index]!, proof, rootOf(leaves))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("reads the subtrees that are named beforehand, and no others", () => {
    for (const [index, size] of [
      [0, 1],
      [5, 11],
      [10, 11],
      [64, 129],
      [128, 129],
    ] as const) {
      const read: unknown[] = [];
      proveInclusion(
        (level, at) => {
          read.push({ level, index: at });
          return LEAVES[0]!;
        },
        index,
        size,
      );
      expect(read, `${index} of ${size}`).toEqual(inclusionNodes(index, size));
    }
  });

  test("holds in a log of 2^53-1 leaves", () => {
    const size = Number.MAX_SAFE_INTEGER;
    const { path } = proveInclusion(() => LEAVES[0]!, 0, size);
    expect(path.length).toBe(53);
    expect(path.length).toBeLessThanOrEqual(PROOF_HASHES_MAX);
    expect(verifyInclusion(LEAVES[1]!, { index: 0, size, path }, LEAVES[2]!)).toBe(false);
  });

  // github.com/transparency-dev/merkle, testdata/inclusion/1/happy-path.json.
  test("matches a proof of another implementation", () => {
    const leaf = hexToBytes("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")!;
    const root = hexToBytes("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")!;
    const path = [
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ].map((hash) => hexToBytes(hash)!);
    expect(verifyInclusion(leaf, { index: 0, size: 8, path }, root)).toBe(true);
  });
});

describe("a changed inclusion proof", () => {
  const size = 13;
  const leaves = LEAVES.slice(0, size);
  const root = rootOf(leaves);
  const proofs = leaves.map((_, index) => proveInclusion(REFERENCE.hashAt, index, size));

  test("is refused for every turned bit of leaf, path or root", () => {
    const proof = proofs[9]!;
    const leaf = leaves[9]!;
    for (let bit = 0; bit < 256; bit++) {
      expect(verifyInclusion(turnBit(leaf, bit), proof, root), `leaf bit ${bit}`).toBe(false);
      expect(verifyInclusion(leaf, proof, turnBit(root, bit)), `root bit ${bit}`).toBe(false);
      for (let at = 0; at < proof.path.length; at++) {
        const path = proof.path.with(at, turnBit(proof.path[at]!, bit));
        expect(verifyInclusion(leaf, { ...proof, path }, root), `path ${at} bit ${bit}`).toBe(false);
      }
    }
  });

  test("is refused at every other place", () => {
    for (const proof of proofs) {
      const leaf = leaves[proof.index]!;
      for (let index = -1; index <= 20; index++) {
        if (index === proof.index) continue;
        expect(verifyInclusion(leaf, { ...proof, index }, root), `${proof.index} as ${index}`).toBe(false);
      }
    }
  });

  // Another size may give a path of the same shape; the size is bound by the checkpoint that signs it with the root.
  test("is refused at every size that asks for another path", () => {
    for (const proof of proofs) {
      const leaf = leaves[proof.index]!;
      const shape = (of: number) => JSON.stringify(shapeOf(proof.index, of));
      for (let other = 0; other <= 40; other++) {
        if (other > proof.index && shape(other) === shape(size)) continue;
        expect(verifyInclusion(leaf, { ...proof, size: other }, root), `${proof.index} in ${other}`).toBe(
          false,
        );
      }
    }
  });

  test("is refused when its path is cut, lengthened or reordered", () => {
    for (const proof of proofs) {
      const leaf = leaves[proof.index]!;
      const { path } = proof;
      for (let at = 0; at < path.length; at++) {
        const without = path.toSpliced(at, 1);
        expect(verifyInclusion(leaf, { ...proof, path: without }, root), `without ${at}`).toBe(false);
      }
      for (let at = 0; at <= path.length; at++) {
        const longer = path.toSpliced(at, 0, root);
        expect(verifyInclusion(leaf, { ...proof, path: longer }, root), `more at ${at}`).toBe(false);
      }
      expect(verifyInclusion(leaf, { ...proof, path: path.toReversed() }, root), "reversed").toBe(false);
    }
  });

  test("gets a verdict whatever its numbers and lengths are", () => {
    const proof = proofs[3]!;
    const leaf = leaves[3]!;
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, -1, 2 ** 53]) {
      expect(verifyInclusion(leaf, { ...proof, index: odd }, root), `index ${odd}`).toBe(false);
      expect(verifyInclusion(leaf, { ...proof, size: odd }, root), `size ${odd}`).toBe(false);
    }
    const short = proof.path.with(0, new Uint8Array(31));
    expect(verifyInclusion(leaf, { ...proof, path: short }, root), "short hash").toBe(false);
    expect(verifyInclusion(new Uint8Array(0), proof, root), "short leaf").toBe(false);
    expect(verifyInclusion(leaf, { ...proof, path: Array(10_000).fill(root) }, root), "long path").toBe(
      false,
    );
  });
});

/** On which side each sibling of a path stands: all that the size says to a verifier. */
function shapeOf(index: number, size: number): string[] {
  const sides: string[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    let middle = begin + 1;
    while (2 * (middle - begin) < end - begin) middle = begin + 2 * (middle - begin);
    sides.push(index < middle ? "right" : "left");
    if (index < middle) end = middle;
    else begin = middle;
  }
  return sides;
}
