import { expect, test } from "vitest";
import { complete, digits } from "../gs1/keys.testing.ts";
import { gtin14 } from "./gtin-14.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

testSystem(gtin14, {
  values: digits(13).map(complete),
  written: [["1 690 1234 56789 9", "16901234567899"]],
  refused: [
    { text: "16901234567890", kind: "check", at: 13, meant: "16901234567899" },
    { text: "(01)16901234567899", kind: "form" },
  ],
  noticesEveryCharacter: true,
  // Neighbours that differ by five have the same weighted sum.
  noticesSwaps: false,
});

test.each([
  ["09521234543213", "gtin-13", "9521234543213"],
  ["00614141007349", "gtin-12", "614141007349"],
  ["00000095200002", "gtin-8", "95200002"],
])("%s is the %s %s filled up", (value, system, shorter) => {
  const read = readValue(gtin14, value);
  expect(read).toMatchObject({
    value: {
      parts: [
        { name: "indicator", text: "0" },
        { name: "shorter-gtin", refersTo: { system, value: shorter } },
        {},
        {},
        {},
      ],
    },
  });
});

test("an indicator says grouping or variable measure, and such a number is no shorter one", () => {
  expect(readValue(gtin14, "16901234567899")).toMatchObject({
    value: {
      parts: [
        { name: "indicator", meaning: { en: "grouping 1, in an order that the company chose" } },
        { name: "gs1-prefix", text: "690", meaning: { zh: "GS1 中国" } },
        { name: "company-item", text: "123456789" },
        { name: "check", text: "9" },
      ],
    },
  });
  expect(readValue(gtin14, complete("9690123456789"))).toMatchObject({
    value: { parts: [{ meaning: { zh: "变量贸易项目" } }, {}, {}, {}] },
  });
});
