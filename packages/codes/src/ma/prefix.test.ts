import fc from "fast-check";
import { expect, test } from "vitest";
import { codes } from "./code.testing.ts";
import { type Code, isCode } from "./code.ts";
import { ancestorsOf, depthOf, isBelow, isSameOrBelow, nodesOf, parentOf } from "./prefix.ts";

test.each([
  ["MA.156.1301", "MA.156", true],
  ["MA.156.1301.02/60", "MA.156.1301.02", true],
  ["MA.156.1301.02/60.10000000.1/7", "MA.156.1301.02/60.10000000.1", true],
  ["MA.156.1301", "MA.156.13", false],
  ["MA.156.1301", "MA.156.1301", false],
  ["MA.156", "MA.156.1301", false],
  ["MA.156.1301/60", "MA.156.1301.60", false],
  ["MA.156.1301.60.1", "MA.156.1301/60", false],
  ["MA.1567", "MA.156", false],
])("%s below %s: %s", (code, prefix, below) => {
  expect(isBelow(code as Code, prefix as Code)).toBe(below);
  expect(isSameOrBelow(code as Code, prefix as Code)).toBe(below || code === prefix);
});

test("the codes above a code, nearest first", () => {
  expect(ancestorsOf("MA.156.1301.02/60.10000000.1/7.a" as Code)).toEqual([
    "MA.156.1301.02/60.10000000.1/7",
    "MA.156.1301.02/60.10000000.1",
    "MA.156.1301.02/60.10000000",
    "MA.156.1301.02/60",
    "MA.156.1301.02",
    "MA.156.1301",
    "MA.156",
  ]);
  expect(ancestorsOf("MA.156" as Code)).toEqual([]);
  expect(parentOf("MA.156" as Code)).toBeUndefined();
  expect(parentOf("MA.156/60" as Code)).toBe("MA.156");
});

test("the nodes of a code", () => {
  expect(nodesOf("MA.156.1301.02/60.10000000.1/7" as Code)).toEqual(
    "MA 156 1301 02 60 10000000 1 7".split(" "),
  );
  expect(depthOf("MA.156" as Code)).toBe(2);
});

/** Goal: one idea of the tree in all functions. Method: compare them with each other on any code. */
test("parents, ancestors, nodes and depth agree", () => {
  fc.assert(
    fc.property(codes, (code) => {
      const ancestors = ancestorsOf(code);
      expect(ancestors[0], code).toBe(parentOf(code));
      expect(ancestors.length, code).toBe(depthOf(code) - 2);
      expect(nodesOf(code).length, code).toBe(depthOf(code));
      expect(nodesOf(code).join("."), code).toBe(code.replaceAll("/", "."));
      for (const ancestor of ancestors) {
        expect(isCode(ancestor), `${ancestor} above ${code}`).toBe(true);
        expect(isBelow(code, ancestor), `${ancestor} above ${code}`).toBe(true);
        expect(isBelow(ancestor, code), `${ancestor} above ${code}`).toBe(false);
      }
    }),
  );
});

test("a code is below exactly its ancestors", () => {
  const pair = fc.tuple(codes, codes, fc.nat(8)).map(([code, other, up]) => ({
    code,
    other: [other, code, ...ancestorsOf(code)][up] ?? other,
  }));
  fc.assert(
    fc.property(pair, ({ code, other }) => {
      expect(isBelow(code, other), `${code} ${other}`).toBe(ancestorsOf(code).includes(other));
    }),
  );
});
