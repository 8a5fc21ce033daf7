import { expect, test } from "vitest";
import { complete, digits } from "../gs1/keys.testing.ts";
import { gtin8 } from "./gtin-8.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

testSystem(gtin8, {
  values: digits(7).map(complete),
  written: [["9520 0002", "95200002"]],
  refused: [
    { text: "95200003", kind: "check", at: 7, meant: "95200002" },
    { text: "9520000", kind: "form" },
    { text: "9520000X", kind: "form", at: 7 },
  ],
  noticesEveryCharacter: true,
  // Neighbours that differ by five have the same weighted sum.
  noticesSwaps: false,
});

test.each([
  ["20000004", "restricted circulation within a company"],
  ["95200002", "demonstrations and examples of the GS1 system"],
  ["69012340", "GS1 in China"],
  ["97812342", "reserved by GS1 for future use"],
])("%s: %s", (body, en) => {
  const value = complete(body.slice(0, 7));
  expect(readValue(gtin8, value)).toMatchObject({
    value: { parts: [{ name: "gs1-prefix", meaning: { en } }, {}, {}] },
  });
});
