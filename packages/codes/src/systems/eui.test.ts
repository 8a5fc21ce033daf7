import fc from "fast-check";
import { expect, test } from "vitest";
import { eui48, eui64 } from "./eui.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

const hexadecimal = (length: number) => fc.stringMatching(new RegExp(`^[0-9A-F]{${length}}$`));

testSystem(eui48, {
  values: hexadecimal(12),
  written: [
    ["ac:7b:a1:00:00:01", "AC7BA1000001"],
    ["ac7b.a100.0001", "AC7BA1000001"],
    ["AC-7B-A1-00-00-01", "AC7BA1000001"],
  ],
  refused: [
    { text: "AC7BA100000", kind: "form" },
    { text: "AC7BA10000O1", kind: "form", meant: "AC7BA1000001" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
testSystem(eui64, {
  values: hexadecimal(16),
  written: [["ac:7b:a1:ff:fe:00:00:01", "AC7BA1FFFE000001"]],
  refused: [{ text: "AC7BA1000001", kind: "form" }],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test.each([
  ["AC7BA1000001", "one interface, unique everywhere"],
  ["02004C4F4F50", "one interface, administered locally"],
  ["01005E000001", "a group, unique everywhere"],
  ["333300000001", "a group, administered locally"],
])("%s is of %s", (value, kind) => {
  expect(readValue(eui48, value)).toMatchObject({ value: { parts: [{ meaning: { en: kind } }, {}] } });
});
