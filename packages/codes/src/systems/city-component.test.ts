import fc from "fast-check";
import { expect, test } from "vitest";
import { cityComponent } from "./city-component.ts";
import { readValue } from "./read-value.ts";
import { digits, regions } from "./region.testing.ts";
import { testSystem } from "./system.testing.ts";

const counted = (count: number) => digits(count).filter((text) => Number(text) > 0);

testSystem(cityComponent, {
  values: fc.tuple(regions, counted(2), counted(2), counted(6)).map((all) => all.join("")),
  written: [["110101 01 03 000001", "1101010103000001"]],
  refused: [
    { text: "1601010103000001", kind: "value", at: 0 },
    { text: "1101010003000001", kind: "value", at: 6 },
    { text: "1101010100000001", kind: "value", at: 8 },
    { text: "1101010103000000", kind: "value", at: 10 },
    { text: "110101010300001", kind: "form" },
    { text: "11010101030000011", kind: "form", at: 16 },
    { text: "11O1010103000001", kind: "form", at: 2, meant: "1101010103000001" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test.each([
  ["1101010103000001", "公用设施"],
  ["1101010203000001", "道路交通"],
  ["1101010303000001", "市容环境"],
  ["1101010403000001", "园林绿化"],
  ["1101012103000001", undefined],
])("the class of %s is %s", (value, zh) => {
  const read = readValue(cityComponent, value);
  expect(read.ok && read.value.parts[1]?.meaning?.zh).toBe(zh);
});
