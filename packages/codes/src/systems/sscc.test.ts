import { expect, test } from "vitest";
import { complete, digits } from "../gs1/keys.testing.ts";
import { readValue } from "./read-value.ts";
import { sscc } from "./sscc.ts";
import { testSystem } from "./system.testing.ts";

testSystem(sscc, {
  values: digits(17).map(complete),
  written: [["1 0614141 123456789 7", "106141411234567897"]],
  refused: [
    { text: "106141411234567898", kind: "check", at: 17, meant: "106141411234567897" },
    { text: "10614141123456789", kind: "form" },
  ],
  noticesEveryCharacter: true,
  // Neighbours that differ by five have the same weighted sum.
  noticesSwaps: false,
});

test("the extension digit stands before the prefix", () => {
  expect(readValue(sscc, "106141411234567897")).toMatchObject({
    value: {
      parts: [
        { name: "extension", text: "1" },
        { name: "gs1-prefix", text: "061", meaning: { en: "GS1 in the United States" } },
        { name: "company-serial", text: "4141123456789" },
        { name: "check", text: "7" },
      ],
    },
  });
});
