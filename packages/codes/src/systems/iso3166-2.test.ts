import fc from "fast-check";
import { expect, test } from "vitest";
import { COUNTRIES } from "../country.ts";
import { iso3166Part2 } from "./iso3166-2.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

const others = COUNTRIES.map(({ alpha2 }) => alpha2).filter((code) => code !== "CN");
const subdivision = fc.stringMatching(/^[A-Z0-9]{1,3}$/);

testSystem(iso3166Part2, {
  values: fc.oneof(
    fc.constantFrom("CN-BJ", "CN-HE", "CN-TW", "CN-MO", "CN-XJ"),
    fc.tuple(fc.constantFrom(...others), subdivision).map(([country, part]) => `${country}-${part}`),
  ),
  written: [["cn-he", "CN-HE"]],
  refused: [
    { text: "CN-13", kind: "value", at: 3 },
    { text: "ZZ-A", kind: "value", at: 0 },
    { text: "CNHE", kind: "form", at: 2 },
    { text: "DE-A-B", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("the letters of a province lead to its division code", () => {
  expect(readValue(iso3166Part2, "CN-HE")).toMatchObject({
    value: { parts: [{}, { meaning: { zh: "河北省" }, refersTo: { system: "gbt2260", value: "130000" } }] },
  });
});
