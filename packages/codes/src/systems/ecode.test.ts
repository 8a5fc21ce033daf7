import fc from "fast-check";
import { expect, test } from "vitest";
import { ecode } from "./ecode.ts";
import { readValue } from "./read-value.ts";
import { digits } from "./region.testing.ts";
import { testSystem } from "./system.testing.ts";

const numbers = (max: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 8, maxLength: max });
const letters = fc.stringMatching(/^[0-9A-Za-z]{8,39}$/);
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));

testSystem(ecode, {
  values: fc.oneof(
    joined(fc.constant("1"), digits(4), numbers(20)),
    joined(fc.constant("2"), digits(4), numbers(28)),
    joined(fc.constant("3"), digits(5), letters),
  ),
  written: [
    ["1 0064 12345678", "1006412345678"],
    ["3 00064 abcDEF12", "300064abcDEF12"],
  ],
  refused: [
    { text: "4006412345678", kind: "form", at: 0 },
    { text: "0006412345678", kind: "form", at: 0 },
    { text: "10064012345678901234567890", kind: "form", at: 5 },
    { text: `20064${"1".repeat(29)}`, kind: "form", at: 5 },
    { text: "1A0641234567890", kind: "form", at: 1 },
    { text: "10064123456789A", kind: "form", at: 5 },
    { text: "3A006412345678", kind: "form", at: 1 },
    { text: "100641234567", kind: "form" },
    { text: `300064${"A".repeat(40)}`, kind: "form", at: 45 },
    { text: "300064abc-def12", kind: "form", at: 9 },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("the version says where the main code begins", () => {
  const partsOf = (text: string) => {
    const read = readValue(ecode, text);
    return read.ok ? read.value.parts.map((part) => part.text) : read.fault;
  };
  expect(partsOf("1006412345678")).toEqual(["1", "0064", "12345678"]);
  expect(partsOf("30006412345678")).toEqual(["3", "00064", "12345678"]);
});
