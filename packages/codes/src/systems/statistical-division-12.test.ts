import fc from "fast-check";
import { expect, test } from "vitest";
import { readValue } from "./read-value.ts";
import { digits, regions } from "./region.testing.ts";
import { statisticalDivision12 } from "./statistical-division-12.ts";
import { testSystem } from "./system.testing.ts";

const towns = digits(3).filter((town) => town !== "000");
const values = fc.oneof(
  fc.tuple(regions, towns, digits(3)).map((all) => all.join("")),
  regions.map((region) => `${region}000000`),
);

testSystem(statisticalDivision12, {
  values,
  written: [
    ["320508 019 044", "320508019044"],
    ["441900003000", "441900003000"],
  ],
  refused: [
    { text: "160508019044", kind: "value", at: 0 },
    { text: "320508000044", kind: "value", at: 9 },
    { text: "320508019", kind: "form" },
    { text: "3205080190440", kind: "form", at: 12 },
    { text: "3205O8019044", kind: "form", at: 4, meant: "320508019044" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("a code leads to its division and its town, and says what they are", () => {
  expect(readValue(statisticalDivision12, "320508019044")).toMatchObject({
    value: {
      parts: [
        { name: "division", refersTo: { system: "gbt2260", value: "320508" } },
        { name: "town", meaning: { zh: "街道" }, refersTo: { value: "320508019" } },
        { name: "village", meaning: { zh: "居民委员会" } },
      ],
    },
  });
  expect(readValue(statisticalDivision12, "320000000000")).toMatchObject({
    value: { parts: [{ meaning: { zh: "江苏省，省级" } }, { meaning: { zh: "无乡级" } }, {}] },
  });
});

test("a number beyond the ranges is taken, and nothing is said of it", () => {
  const read = readValue(statisticalDivision12, "320508700900");
  expect(read.ok && read.value.parts.map(({ meaning }) => meaning?.zh)).toEqual([
    "江苏省，县级",
    undefined,
    undefined,
  ]);
});
