import fc from "fast-check";
import { expect, test } from "vitest";
import { readValue } from "./read-value.ts";
import { digits, regions } from "./region.testing.ts";
import { statisticalDivision9 } from "./statistical-division-9.ts";
import { testSystem } from "./system.testing.ts";

testSystem(statisticalDivision9, {
  values: fc.tuple(regions, digits(3)).map((all) => all.join("")),
  written: [["320508-019", "320508019"]],
  refused: [
    { text: "160508019", kind: "value", at: 0 },
    { text: "320508", kind: "form" },
    { text: "320508019044", kind: "form", at: 9 },
    { text: "32O508019", kind: "form", at: 2, meant: "320508019" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test.each([
  ["320508019", "街道"],
  ["230129100", "镇"],
  ["320508200", "乡"],
  ["320508400", "政企合一的单位"],
  ["320508000", "无乡级"],
])("%s is of the kind %s", (value, zh) => {
  expect(readValue(statisticalDivision9, value)).toMatchObject({
    value: { parts: [{}, { meaning: { zh } }] },
  });
});
