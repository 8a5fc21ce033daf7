import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Division,
  divisionFromNode,
  divisionLevel,
  divisionParent,
  divisionToNode,
  parseDivision,
} from "./division.ts";
import { parseCode } from "./ma/code.ts";

const divisions = fc.integer({ min: 100_000, max: 999_999 }).map((number) => String(number) as Division);

test.each([
  ["130000", "province", undefined, "13"],
  ["130100", "prefecture", "130000", "1301"],
  ["130102", "county", "130100", "130102"],
  ["110101", "county", "110100", "110101"],
  ["419001", "county", "419000", "419001"],
  ["460001", "county", "460000", "460001"],
  ["710000", "province", undefined, "71"],
])("%s is a %s below %s with the node %s", (text, level, parent, node) => {
  const read = parseDivision(text);
  expect(read).toEqual({ ok: true, value: text });
  expect(divisionLevel(text as Division)).toBe(level);
  expect(divisionParent(text as Division)).toBe(parent);
  expect(divisionToNode(text as Division)).toBe(node);
});

test.each([
  ["", 0],
  ["13", 2],
  ["1301020", 6],
  ["13010a", 5],
  ["030100", 0],
  [" 30100", 0],
  ["\uff1130100", 0],
  ["130102000000", 6],
])("%j is no division", (text, at) => {
  expect(parseDivision(text)).toMatchObject({ ok: false, fault: { field: "division", at } });
});

test("a statistical code is pointed to its division", () => {
  expect(parseDivision("320508019044")).toMatchObject({
    fault: { fix: "take the first six digits of a 12-digit statistical code" },
  });
});

test("a node names its division and no other text does", () => {
  fc.assert(
    fc.property(divisions, (division) => {
      const node = divisionToNode(division);
      expect(divisionFromNode(node), division).toEqual({ ok: true, value: division });
      expect(parseCode(`MA.156.${node}`).ok, division).toBe(true);
    }),
  );
  for (const node of ["", "1", "130", "13010", "1300", "130000", "130100", "0301", "M0", "13a1", "1301001"]) {
    expect(divisionFromNode(node), node).toMatchObject({ ok: false, fault: { field: "root[2]" } });
  }
});

test("parents lead to the province in at most two steps", () => {
  fc.assert(
    fc.property(divisions, (division) => {
      let last = division;
      let steps = 0;
      for (let above = divisionParent(last); above !== undefined; above = divisionParent(last)) {
        expect(divisionToNode(division).startsWith(divisionToNode(above)), division).toBe(true);
        last = above;
        steps++;
      }
      expect(divisionLevel(last), division).toBe("province");
      expect(steps, division).toBeLessThanOrEqual(2);
    }),
  );
});
