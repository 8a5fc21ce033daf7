import fc from "fast-check";
import { expect, test } from "vitest";
import { APPLICATION_IDENTIFIERS, formatOf, identifierAt } from "./application-identifiers.ts";
import { checkElementValue } from "./element-value.ts";
import { valuesOf } from "./elements.testing.ts";
import { nameOfIdentifier } from "./identifier-names.ts";

const ALL = [...APPLICATION_IDENTIFIERS.values()];

test("every identifier of the dictionary is there", () => {
  expect(ALL.length).toBe(541);
  for (const { ai, components, title } of ALL) {
    expect(ai).toMatch(/^\d{2,4}$/);
    expect(components.length, ai).toBeGreaterThan(0);
    expect(title.length > 0 || ["8110", "8112"].includes(ai), ai).toBe(true);
    for (const { min, max } of components.slice(0, -1)) expect(min, ai).toBe(max);
  }
});

test("the first two digits tell how long an identifier is, and whether its value has a known length", () => {
  for (const { ai, knownLength } of ALL) {
    for (const other of ALL.filter((each) => each.ai.slice(0, 2) === ai.slice(0, 2))) {
      expect(other.ai.length, `${ai} ${other.ai}`).toBe(ai.length);
      expect(other.knownLength, `${ai} ${other.ai}`).toBe(knownLength);
    }
    expect(identifierAt(`x${ai}123`, 1)?.ai).toBe(ai);
  }
  // General Specifications, figure 7.8.5-2: the identifiers whose length is told by their first two digits.
  const known = new Set(
    ALL.flatMap(({ ai, knownLength }) => (knownLength === undefined ? [] : [ai.slice(0, 2)])),
  );
  expect([...known].sort().join(" ")).toBe("00 01 02 03 11 12 13 15 16 17 20 31 32 33 34 35 36 41");
  expect(identifierAt("14", 0)).toBeUndefined();
  expect(identifierAt("3106", 0)).toBeUndefined();
  expect(identifierAt("", 0)).toBeUndefined();
});

test.each([
  ["00", "N18", 18, undefined],
  ["253", "N13 [X..17]", undefined, []],
  ["01", "N14", 14, [["22", "10", "21"], ["235"]]],
  ["414", "N13", 13, [["254"], ["7040"]]],
  ["8003", "N1 N13 [X..16]", undefined, [[]]],
])("(%s) has the form %s", (ai, format, knownLength, orders) => {
  const identifier = APPLICATION_IDENTIFIERS.get(ai);
  expect(identifier && formatOf(identifier)).toBe(format);
  expect(identifier?.knownLength).toBe(knownLength);
  if (orders !== undefined && orders.length > 0) expect(identifier?.qualifierOrders).toEqual(orders);
});

test("what an identifier requires and excludes is read in groups and patterns", () => {
  expect(APPLICATION_IDENTIFIERS.get("02")).toMatchObject({ excludes: ["01", "03"], requires: [[["37"]]] });
  expect(APPLICATION_IDENTIFIERS.get("7020")?.requires).toEqual([
    [
      ["01", "416"],
      ["03", "416"],
      ["8006", "416"],
    ],
  ]);
  expect(APPLICATION_IDENTIFIERS.get("3105")?.excludes).toEqual(["310n"]);
});

test("values of the form of an identifier may stand behind it", () => {
  const some = fc
    .constantFrom(...ALL)
    .chain((identifier) => fc.tuple(fc.constant(identifier), valuesOf(identifier)));
  fc.assert(
    fc.property(some, ([identifier, value]) => {
      expect(checkElementValue(identifier, value), `(${identifier.ai})${value}`).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["01", "09521234543214", "check", 13],
  ["01", "0952123454321", "form", 13],
  ["01", "0952123454321A", "form", 13],
  ["10", "", "form", 0],
  ["10", "A".repeat(21), "form", 20],
  ["10", "A B", "form", 1],
  ["17", "261301", "value", 2],
  ["17", "260230", "value", 4],
  ["7003", "2612312460", "value", 6],
  ["7007", "26010126", "form", 8],
  ["423", "156840000", "value", 6],
  ["8006", "095212345432130302", "value", 14],
  ["8013", "1987654Ad4X4bL5ttr2310cXK", "check", 23],
  ["8007", "BE71096123456760", "check", 2],
  ["4300", "A%2", "value", 1],
])("(%s)%s is refused: %s at %i", (ai, value, kind, at) => {
  const identifier = APPLICATION_IDENTIFIERS.get(ai);
  expect(identifier && checkElementValue(identifier, value)).toMatchObject({ field: `(${ai})`, kind, at });
});

test("every identifier has a name in both languages", () => {
  for (const { ai } of ALL) {
    const { en, zh } = nameOfIdentifier(ai);
    expect(en, ai).toMatch(/^[A-Z][ -~]+$/);
    expect(zh.length, ai).toBeGreaterThan(0);
    expect(zh, ai).not.toContain(`(${ai})`);
  }
  expect(nameOfIdentifier("3103")).toEqual({ en: "Net weight", zh: "净重" });
  expect(nameOfIdentifier("7039").en).toBe("Processor, with country");
});
