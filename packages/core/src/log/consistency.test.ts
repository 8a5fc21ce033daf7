import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { consistencyNodes, proveConsistency, verifyConsistency } from "./consistency.ts";
import { ReferenceTree, someLeaves, turnBit } from "./reference.testing.ts";
import { emptyRoot, PROOF_HASHES_MAX, rootOf } from "./tree.ts";

const LEAVES = someLeaves(900);
const REFERENCE = new ReferenceTree(LEAVES);
const ROOTS = Array.from({ length: 131 }, (_, size) => rootOf(LEAVES.slice(0, size)));

describe("a consistency proof", () => {
  test("is that of the recursive definition and verifies, for every pair of sizes", () => {
    for (let newSize = 1; newSize <= 130; newSize++) {
      for (let oldSize = 1; oldSize <= newSize; oldSize++) {
        const proof = proveConsistency(REFERENCE.hashAt, oldSize, newSize);
        const name = `${oldSize} to ${newSize}`;
        expect(proof.path, name).toEqual(REFERENCE.subproof(oldSize, 0, newSize, true));
        expect(verifyConsistency(ROOTS[oldSize]!, ROOTS[newSize]!, proof), name).toBe(true);
      }
    }
  });

  test("verifies in larger logs", () => {
    const pairs = fc
      .integer({ min: 131, max: LEAVES.length })
      .chain((size) => fc.tuple(fc.integer({ min: 0, max: size }), fc.constant(size)));
    fc.assert(
      fc.property(pairs, ([oldSize, newSize]) => {
        const proof = proveConsistency(REFERENCE.hashAt, oldSize, newSize);
        const oldRoot = rootOf(LEAVES.slice(0, oldSize));
        expect(verifyConsistency(oldRoot, rootOf(LEAVES.slice(0, newSize)), proof)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("reads the subtrees that are named beforehand, and no others", () => {
    for (const [oldSize, newSize] of [
      [0, 9],
      [6, 8],
      [7, 7],
      [64, 129],
      [100, 129],
    ] as const) {
      const read: unknown[] = [];
      proveConsistency(
        (level, index) => {
          read.push({ level, index });
          return LEAVES[0]!;
        },
        oldSize,
        newSize,
      );
      expect(read, `${oldSize} to ${newSize}`).toEqual(consistencyNodes(oldSize, newSize));
    }
  });

  test("fits the bound in a log of 2^53-1 leaves", () => {
    const newSize = Number.MAX_SAFE_INTEGER;
    for (const oldSize of [1, 2 ** 52 - 1, 2 ** 52 + 1, newSize - 1]) {
      const { path } = proveConsistency(() => LEAVES[0]!, oldSize, newSize);
      expect(path.length, `from ${oldSize}`).toBeLessThanOrEqual(PROOF_HASHES_MAX);
    }
  });

  test("is empty from an empty log, whose root is that of no leaves", () => {
    const proof = proveConsistency(REFERENCE.hashAt, 0, 9);
    expect(proof.path).toEqual([]);
    expect(verifyConsistency(emptyRoot(), ROOTS[9]!, proof)).toBe(true);
    expect(verifyConsistency(ROOTS[1]!, ROOTS[9]!, proof)).toBe(false);
    expect(verifyConsistency(emptyRoot(), ROOTS[9]!, { ...proof, path: [ROOTS[9]!] })).toBe(false);
    const still = { oldSize: 0, newSize: 0, path: [] };
    expect(verifyConsistency(emptyRoot(), emptyRoot(), still)).toBe(true);
    expect(verifyConsistency(ROOTS[1]!, ROOTS[1]!, still)).toBe(false);
  });

  test("is empty between equal sizes, whose roots must be equal", () => {
    const proof = { oldSize: 5, newSize: 5, path: [] };
    expect(verifyConsistency(ROOTS[5]!, ROOTS[5]!, proof)).toBe(true);
    expect(verifyConsistency(ROOTS[5]!, ROOTS[6]!, proof)).toBe(false);
    expect(verifyConsistency(ROOTS[5]!, ROOTS[5]!, { ...proof, path: [ROOTS[5]!] })).toBe(false);
  });
});

describe("a changed consistency proof", () => {
  const pairs = [
    [1, 2],
    [3, 8],
    [4, 13],
    [6, 13],
    [8, 13],
    [12, 13],
  ] as const;
  const proofs = pairs.map(([oldSize, newSize]) => proveConsistency(REFERENCE.hashAt, oldSize, newSize));

  test("is refused for every turned bit of path or roots", () => {
    for (const proof of proofs) {
      const oldRoot = ROOTS[proof.oldSize]!;
      const newRoot = ROOTS[proof.newSize]!;
      const name = `${proof.oldSize} to ${proof.newSize}`;
      for (let bit = 0; bit < 256; bit += 3) {
        expect(verifyConsistency(turnBit(oldRoot, bit), newRoot, proof), `${name} old ${bit}`).toBe(false);
        expect(verifyConsistency(oldRoot, turnBit(newRoot, bit), proof), `${name} new ${bit}`).toBe(false);
        for (let at = 0; at < proof.path.length; at++) {
          const path = proof.path.with(at, turnBit(proof.path[at]!, bit));
          expect(verifyConsistency(oldRoot, newRoot, { ...proof, path }), `${name} path ${at}`).toBe(false);
        }
      }
    }
  });

  test("is refused with the root of any other size", () => {
    for (const proof of proofs) {
      for (let size = 0; size <= 20; size++) {
        const name = `${proof.oldSize} to ${proof.newSize}, root of ${size}`;
        if (size !== proof.oldSize)
          expect(verifyConsistency(ROOTS[size]!, ROOTS[proof.newSize]!, proof), name).toBe(false);
        if (size !== proof.newSize)
          expect(verifyConsistency(ROOTS[proof.oldSize]!, ROOTS[size]!, proof), name).toBe(false);
      }
    }
  });

  test("is refused when its path is cut, lengthened or reordered", () => {
    for (const proof of proofs) {
      const check = (path: readonly Uint8Array[]) =>
        verifyConsistency(ROOTS[proof.oldSize]!, ROOTS[proof.newSize]!, { ...proof, path });
      const name = `${proof.oldSize} to ${proof.newSize}`;
      for (let at = 0; at < proof.path.length; at++) {
        expect(check(proof.path.toSpliced(at, 1)), `${name} without ${at}`).toBe(false);
      }
      for (let at = 0; at <= proof.path.length; at++) {
        expect(check(proof.path.toSpliced(at, 0, ROOTS[3]!)), `${name} more at ${at}`).toBe(false);
      }
      if (proof.path.length > 1) expect(check(proof.path.toReversed()), `${name} reversed`).toBe(false);
    }
  });

  test("gets a verdict whatever its numbers and lengths are", () => {
    const proof = proofs[3]!;
    const check = (changed: object) => verifyConsistency(ROOTS[6]!, ROOTS[13]!, { ...proof, ...changed });
    expect(check({})).toBe(true);
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 0.5, -1, 2 ** 53]) {
      expect(check({ oldSize: odd }), `old size ${odd}`).toBe(false);
      expect(check({ newSize: odd }), `new size ${odd}`).toBe(false);
    }
    expect(check({ oldSize: 14 }), "shrinking").toBe(false);
    expect(check({ path: proof.path.with(0, new Uint8Array(33)) }), "long hash").toBe(false);
    expect(check({ path: Array(10_000).fill(ROOTS[1]) }), "long path").toBe(false);
    expect(verifyConsistency(new Uint8Array(3), ROOTS[13]!, proof), "short root").toBe(false);
  });
});
