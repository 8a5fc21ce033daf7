import fc from "fast-check";
import { expect, test } from "vitest";
import { complete, digits, references } from "../gs1/keys.testing.ts";
import { readValue } from "./read-value.ts";
import { sgtin } from "./sgtin.ts";
import { testSystem } from "./system.testing.ts";

testSystem(sgtin, {
  values: fc
    .tuple(digits(13), references(1, 20))
    .map(([body, serial]) => `(01)${complete(body)}(21)${serial}`),
  written: [
    ["010952123454321321A-1", "(01)09521234543213(21)A-1"],
    ["(01) 0 9521234 54321 3 (21) A-1", "(01)09521234543213(21)A-1"],
  ],
  refused: [
    { text: "(01)09521234543214(21)A-1", kind: "check", at: 17, meant: "(01)09521234543213(21)A-1" },
    { text: "010952123454321421A-1", kind: "check", at: 15, meant: "(01)09521234543213(21)A-1" },
    { text: "(01)09521234543213(10)A-1", kind: "form", at: 4 },
    { text: "(01)09521234543213(21)", kind: "form", at: 22 },
    { text: "(01)09521234543213(21)123456789012345678901", kind: "form" },
    { text: "09521234543213-A-12345", kind: "form", at: 0 },
  ],
  // A serial has no check characters.
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("a single item leads to its trade item", () => {
  const read = readValue(sgtin, "(01)09521234543213(21)12345");
  expect(read.ok && read.value.parts.map(({ name, text }) => [name, text])).toEqual([
    ["gtin", "09521234543213"],
    ["indicator", "0"],
    ["shorter-gtin", "9521234543213"],
    ["gs1-prefix", "952"],
    ["company-item", "123454321"],
    ["check", "3"],
    ["serial", "12345"],
  ]);
});
