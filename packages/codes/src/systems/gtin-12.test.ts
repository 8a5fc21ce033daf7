import { expect, test } from "vitest";
import { complete, digits } from "../gs1/keys.testing.ts";
import { gtin12 } from "./gtin-12.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

testSystem(gtin12, {
  values: digits(11).map(complete),
  written: [
    ["6 14141 00734 9", "614141007349"],
    ["6-14141-00734-9", "614141007349"],
  ],
  refused: [
    { text: "614141007348", kind: "check", at: 11, meant: "614141007349" },
    { text: "6141410O7349", kind: "form", at: 7, meant: "614141007349" },
    { text: "6141410073499", kind: "form" },
  ],
  noticesEveryCharacter: true,
  // Neighbours that differ by five have the same weighted sum.
  noticesSwaps: false,
});

test("the prefix of a UPC is that of the number with a zero before it", () => {
  expect(readValue(gtin12, "614141007349")).toMatchObject({
    value: {
      parts: [{ name: "gs1-prefix", text: "61", meaning: { en: "GS1 in the United States" } }, {}, {}],
    },
  });
});
