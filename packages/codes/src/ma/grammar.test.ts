import { expect, test } from "vitest";
import {
  AGENCY,
  BAD_CHARACTER,
  BAD_LENGTH,
  BAD_SEPARATOR,
  CANONICAL,
  CATEGORY,
  CUSTOM,
  canonicalText,
  ELEMENT,
  endOfCode,
  isIndustryAt,
  NODE_RULES,
  readFailure,
  scanCode,
  TOO_MANY_NODES,
  USE,
} from "./grammar.ts";
import { CODE_CHARACTERS_MAX, NODES_MAX } from "./limits.ts";

function scan(text: string): number {
  return scanCode(text, text.length);
}

test("the rows of the grammar stand at their places and lead only to places that exist", () => {
  expect(NODE_RULES[AGENCY]?.field).toBe("agency");
  expect(NODE_RULES[USE]?.field).toBe("object.use");
  expect(NODE_RULES.length).toBe(ELEMENT + 1);
  for (const rule of NODE_RULES) {
    expect(NODE_RULES[rule.afterDot], rule.field).toBeDefined();
    expect(NODE_RULES[rule.afterSlash], rule.field).toBeDefined();
  }
});

test("a scan tells canonical text from text to be rewritten", () => {
  expect(scan("MA.156.1301.02/60.10000000.1/7")).toBe(CANONICAL);
  const dotted = "MA.156.1301.02.60.10000000.1.7";
  expect(scan(dotted)).toBeGreaterThan(CANONICAL);
  expect(canonicalText(dotted, dotted.length, scan(dotted))).toBe("MA.156.1301.02/60.10000000.1/7");
});

test("a scan says why and where it stopped", () => {
  expect(readFailure(scan("XA.156"))).toEqual({ reason: BAD_CHARACTER, place: AGENCY, at: 0 });
  expect(readFailure(scan("MA.156/6"))).toEqual({ reason: BAD_LENGTH, place: USE, at: 7 });
  expect(readFailure(scan("MA.156/60.10000000/1"))).toEqual({
    reason: BAD_SEPARATOR,
    place: CATEGORY,
    at: 18,
  });
  const nodes = `MA.156.M0${".1".repeat(NODES_MAX - 2)}`;
  expect(readFailure(scan(nodes))).toEqual({ reason: TOO_MANY_NODES, place: ELEMENT, at: nodes.length - 1 });
});

test("the last position of the longest text survives packing", () => {
  const above = "MA.156/60.10000000.1/";
  const long = `${above.padEnd(above.length + 50, "a")}.`
    .padEnd(CODE_CHARACTERS_MAX - 10, "a")
    .concat(".aaaaaaaa@");
  expect(long.length).toBe(CODE_CHARACTERS_MAX);
  expect(readFailure(scan(long))).toEqual({ reason: BAD_CHARACTER, place: CUSTOM, at: long.length - 1 });
});

/** Method: every code unit in a node of every place. */
test("a node holds ASCII letters, digits and marks as its place allows, and nothing else", () => {
  const places = [
    ["MA.15", /[0-9]/],
    ["MA.156.x", /[0-9A-Za-z]/],
    ["MA.156.x.x", /[0-9A-Za-z]/],
    ["MA.156/6", /[0-9]/],
    ["MA.156/60.1000000", /[0-9]/],
    ["MA.156/60.10000000.x", /[0-9A-Za-z_-]/],
    ["MA.156/60.10000000.x/x", /[0-9A-Za-z_-]/],
    ["MA.156.M0.x", /[0-9A-Za-z]/],
    ["MA.156.M0.x.x", /[0-9A-Za-z_-]/],
    ["MA.156.M0.x.x.x", /[0-9A-Za-z_-]/],
  ] as const;
  for (const [start, allowed] of places) {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const character = String.fromCharCode(unit);
      const accepted = scan(start + character) === CANONICAL;
      if (accepted !== allowed.test(character)) expect.fail(`${start} and U+${unit.toString(16)}`);
    }
  }
});

test("one slash at the end is left out", () => {
  expect(endOfCode("MA.156/")).toBe(6);
  expect(endOfCode("MA.156//")).toBe(7);
  expect(endOfCode("")).toBe(0);
});

test("an industry is M and one digit", () => {
  expect(isIndustryAt("M0", 0, 2)).toBe(true);
  expect(isIndustryAt("xM9y", 1, 3)).toBe(true);
  for (const node of ["", "M", "M00", "m0", "MA", "M:", "N0"]) {
    expect(isIndustryAt(node, 0, node.length), node).toBe(false);
  }
});
