import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PATTERN_VALUES_MAX, RULE_BYTES_MAX, SHAPE_NODES_MAX } from "../limits.ts";
import { describePattern, fitsPattern, parseShape, printShape } from "./pattern.ts";
import { nodeTextArb, shapeArb } from "./rule.testing.ts";

function printed(text: string): string {
  const shape = parseShape(text);
  return shape.ok ? printShape(shape.value) : `refused at ${shape.fault.at}: ${shape.fault.expected}`;
}

test.each([
  "delegate .<d4>",
  "issue /60.<d8>.<n1-20>/<d6-9>",
  "any .<d4>**",
  "issue /(10|60).<d8>.<n1-32>/**",
  "issue .a-b_C.**",
  "any /<u50>.<a1>",
])("%s is canonical", (text) => {
  expect(printed(text)).toBe(text);
});

test.each([
  ["issue .(60|10)", "issue .(10|60)"],
  ["issue .(60)", "issue .60"],
  ["issue .<d4-4>", "issue .<d4>"],
])("%s is read as %s", (text, canonical) => {
  expect(printed(text)).toBe(canonical);
});

test("the structure of a shape", () => {
  expect(parseShape("issue /(10|60).<n1-32>/**")).toEqual({
    ok: true,
    value: {
      act: "issue",
      nodes: [
        { separator: "/", pattern: { kind: "values", values: ["10", "60"] } },
        { separator: ".", pattern: { kind: "class", characters: "n", lengthMin: 1, lengthMax: 32 } },
      ],
      rest: "/",
    },
  });
});

describe("a refusal says where", () => {
  test.each([
    ["", 0],
    ["issue", 0],
    ["issue ", 6],
    ["Issue .a", 0],
    ["issue  .a", 6],
    ["issue .a ", 8],
    ["issue a", 6],
    ["issue **", 6],
    ["issue .**", 7],
    ["issue .", 7],
    ["issue ..a", 7],
    ["issue .a**b", 8],
    ["issue .a.**b", 9],
    ["issue .a***", 8],
    ["issue .a*", 8],
    ["issue .ä", 7],
    [`issue .${"a".repeat(51)}`, 7],
    ["issue .()", 8],
    ["issue .(a", 9],
    ["issue .(a|)", 10],
    ["issue .(a|b|a)", 12],
    ["issue .(a)b", 10],
    [
      `issue .(${Array.from({ length: PATTERN_VALUES_MAX + 1 }, (_, at) => at + 10).join("|")})`,
      8 + 3 * PATTERN_VALUES_MAX,
    ],
    ["issue .<>", 8],
    ["issue .<x4>", 8],
    ["issue .<toString>", 8],
    ["issue .<d>", 9],
    ["issue .<d0>", 9],
    ["issue .<d04>", 9],
    ["issue .<d51>", 9],
    ["issue .<d4", 10],
    ["issue .<d4-", 11],
    ["issue .<d4-3>", 11],
    ["issue .<d4-51>", 11],
    ["issue .<d1-2-3>", 12],
    ["issue .<d100>", 11],
    [`issue ${".a".repeat(SHAPE_NODES_MAX + 1)}`, 6 + 2 * SHAPE_NODES_MAX],
    [`issue .${"a".repeat(RULE_BYTES_MAX)}`, RULE_BYTES_MAX],
  ])("%j", (text, at) => {
    const shape = parseShape(text);
    expect(shape).toMatchObject({ ok: false, fault: { field: "shape", at } });
    if (!shape.ok) expect(shape.fault.expected.length * shape.fault.got.length, text).toBeGreaterThan(0);
  });
});

test("a shape is its text", () => {
  fc.assert(
    fc.property(shapeArb, (shape) => {
      expect(parseShape(printShape(shape))).toEqual({ ok: true, value: shape });
    }),
  );
});

test("two texts of one shape have the same canonical text, and any text is refused or read", () => {
  const unit = fc.constantFrom(
    ".",
    "/",
    "a",
    "1",
    "(",
    ")",
    "|",
    "<",
    ">",
    "d",
    "n",
    "-",
    "2",
    "*",
    "**",
    "<d2>",
    "(a|b)",
    "\ud800",
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (path) => {
      const shape = parseShape(`any ${path}`);
      if (!shape.ok) {
        expect(shape.fault.at, path).toBeLessThanOrEqual(path.length + 4);
        return;
      }
      const canonical = printShape(shape.value);
      expect(parseShape(canonical), path).toEqual(shape);
      expect(canonical.length, path).toBeLessThanOrEqual(path.length + 4);
    }),
    { numRuns: 3_000 },
  );
});

test("what a pattern generates fits it", () => {
  fc.assert(
    fc.property(
      shapeArb.chain(({ nodes }) => fc.tuple(fc.constant(nodes[0]!.pattern), nodeTextArb(nodes[0]!.pattern))),
      ([pattern, text]) => {
        expect(fitsPattern(pattern, text)).toBe(true);
        expect(fitsPattern(pattern, `${text}.`)).toBe(false);
        expect(fitsPattern(pattern, "")).toBe(false);
      },
    ),
  );
});

test("patterns in words", () => {
  const words = (text: string): string => {
    const shape = parseShape(`any .${text}`);
    return shape.ok ? describePattern(shape.value.nodes[0]!.pattern) : "";
  };
  expect(words("<d4>")).toBe("4 digits");
  expect(words("<d1>")).toBe("1 digit");
  expect(words("<n1>")).toBe('1 digit, letter, "-" or "_"');
  expect(words("<u1-3>")).toBe("1 to 3 digits or upper case letters");
  expect(words("(10|60)")).toBe("10 or 60");
  expect(words("(a|b|c|d|e|f|g|h|i)")).toBe("one of 9 values (a, b, c, d, e, f, g, h, ...)");
});
