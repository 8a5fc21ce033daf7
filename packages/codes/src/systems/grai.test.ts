import fc from "fast-check";
import { expect, test } from "vitest";
import { complete, digits, references } from "../gs1/keys.testing.ts";
import { grai } from "./grai.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

testSystem(grai, {
  values: fc.tuple(digits(12), references(0, 16)).map(([body, serial]) => `0${complete(body)}${serial}`),
  written: [["0 952114111111 6 A-1", "09521141111116A-1"]],
  refused: [
    { text: "09521141111117A-1", kind: "check", at: 13, meant: "09521141111116A-1" },
    { text: "19521141111113", kind: "form", at: 0 },
    { text: "9521141111116", kind: "form" },
    { text: "0952114111111A", kind: "form", at: 0 },
    { text: "0952114111111612345678901234567", kind: "form" },
    { text: "09521141111116~", kind: "form", at: 14 },
  ],
  // A serial has no check characters.
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("an asset may have a serial or none", () => {
  const names = (text: string) => {
    const read = readValue(grai, text);
    return read.ok ? read.value.parts.map(({ name }) => name) : read.fault;
  };
  expect(names("09521141111116")).toEqual(["gs1-prefix", "company-type", "check"]);
  expect(names("09521141111116A-1")).toEqual(["gs1-prefix", "company-type", "check", "serial"]);
});
