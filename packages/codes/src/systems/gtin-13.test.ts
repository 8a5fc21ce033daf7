import { expect, test } from "vitest";
import { complete, digits } from "../gs1/keys.testing.ts";
import { gtin13 } from "./gtin-13.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

testSystem(gtin13, {
  values: digits(12).map(complete),
  written: [
    ["690 1234 56789 2", "6901234567892"],
    ["978-7-302-51162-5", "9787302511625"],
  ],
  refused: [
    { text: "6901234567893", kind: "check", at: 12, meant: "6901234567892" },
    { text: "69O1234567892", kind: "form", at: 2, meant: "6901234567892" },
    { text: "690123456789", kind: "form" },
  ],
  noticesEveryCharacter: true,
  // Neighbours that differ by five have the same weighted sum.
  noticesSwaps: false,
});

test.each([
  ["6901234567892", "GS1 in China", "GS1 中国"],
  ["0614141007349", "GS1 in the United States", "GS1 美国"],
  ["9787302511625", "ISBN of a book", "图书 ISBN"],
  [complete("977000000000"), "ISSN of a serial publication", "连续出版物 ISSN"],
  [
    complete("979000000000"),
    "ISBN of a book, or ISMN of printed music (9790)",
    "图书 ISBN，或乐谱 ISMN（9790）",
  ],
  [complete("141000000000"), "not allotted as far as is known here", "未见分配"],
])("the prefix of %s says: %s", (value, en, zh) => {
  const read = readValue(gtin13, value);
  expect(read.ok && read.value.parts.find(({ name }) => name === "gs1-prefix")?.meaning).toEqual({ en, zh });
});

test.each(
  [..."234567"]
    .map((digit) => complete(`2${digit}1234567890`))
    .concat(complete("020000000001"), complete("040000000001")),
)("%s is of restricted circulation", (value) => {
  const read = readValue(gtin13, value);
  const prefix = read.ok ? read.value.parts.find(({ name }) => name === "gs1-prefix") : undefined;
  expect(prefix?.meaning?.en).toContain("restricted circulation");
});

test.each([
  ["0614141007349", "gtin-12", "614141007349"],
  ["0000095200002", "gtin-8", "95200002"],
  ["0000000000000", "gtin-8", "00000000"],
])("%s is the %s %s with zeros before it", (value, system, shorter) => {
  expect(readValue(gtin13, value)).toMatchObject({
    value: { parts: [{ name: "shorter-gtin", refersTo: { system, value: shorter } }, {}, {}, {}] },
  });
});
