import fc from "fast-check";
import { expect, test } from "vitest";
import { readValue } from "./read-value.ts";
import { realEstateUnit } from "./real-estate-unit.ts";
import { digits, regions } from "./region.testing.ts";
import { testSystem } from "./system.testing.ts";

const parcels = fc.oneof(
  fc.tuple(fc.constantFrom(..."GJZ"), fc.constantFrom(..."BSXCDEFHGWY")).map((both) => both.join("")),
  fc.constant("JA"),
);
const fixtures = fc.oneof(
  fc.tuple(fc.constantFrom(..."FLQ"), digits(8)).map((both) => both.join("")),
  fc.constant("W00000000"),
);

testSystem(realEstateUnit, {
  values: fc.tuple(regions, digits(6), parcels, digits(5), fixtures).map((all) => all.join("")),
  written: [
    ["320505 400202 gb00001 f00010069", "320505400202GB00001F00010069"],
    ["320505400202JA00001W00000000", "320505400202JA00001W00000000"],
  ],
  refused: [
    { text: "160505400202GB00001F00010069", kind: "value", at: 0 },
    { text: "320505400202AB00001F00010069", kind: "value", at: 12 },
    { text: "320505400202GJ00001F00010069", kind: "value", at: 13 },
    { text: "320505400202GA00001W00000000", kind: "value", at: 12 },
    { text: "320505400202GB00001B00010069", kind: "value", at: 19 },
    { text: "320505400202GB00001W00010069", kind: "value", at: 20 },
    { text: "3205054002A2GB00001F00010069", kind: "form", at: 10 },
    { text: "320505400202GB0A001F00010069", kind: "form", at: 15 },
    { text: "32O505400202GB00001F00010069", kind: "form", at: 2, meant: "320505400202GB00001F00010069" },
    { text: "320505400202GB00001", kind: "form" },
    { text: "320505400202GB00001F000100690", kind: "form", at: 28 },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("a flat is a building and a unit in it; bare land is neither", () => {
  const read = (text: string) => {
    const outcome = readValue(realEstateUnit, text);
    if (!outcome.ok) throw new Error(outcome.fault.expected);
    return new Map(outcome.value.parts.map((part) => [part.name, part]));
  };
  const flat = read("320505400202GB00001F00010069");
  expect(flat.get("division")).toMatchObject({ refersTo: { system: "gbt2260", value: "320505" } });
  expect(flat.get("ownership")?.meaning?.zh).toBe("国家所有");
  expect(flat.get("building")?.text).toBe("0001");
  expect(flat.get("room")?.text).toBe("0069");
  const land = read("320505400202JA00001W00000000");
  expect(land.get("fixture")?.meaning?.zh).toBe("无定着物");
  expect(land.has("building")).toBe(false);
});
