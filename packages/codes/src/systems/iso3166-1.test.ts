import fc from "fast-check";
import { COUNTRIES } from "../country.ts";
import { iso3166Alpha2, iso3166Alpha3, iso3166Numeric } from "./iso3166-1.ts";
import { testSystem } from "./system.testing.ts";

const NONE = { noticesEveryCharacter: false, noticesSwaps: false };

testSystem(iso3166Alpha2, {
  values: fc.constantFrom(...COUNTRIES.map(({ alpha2 }) => alpha2)),
  written: [["cn", "CN"]],
  refused: [
    { text: "ZZ", kind: "value" },
    { text: "C1", kind: "form" },
  ],
  ...NONE,
});
testSystem(iso3166Alpha3, {
  values: fc.constantFrom(...COUNTRIES.map(({ alpha3 }) => alpha3)),
  refused: [{ text: "ZZZ", kind: "value" }],
  ...NONE,
});
testSystem(iso3166Numeric, {
  values: fc.constantFrom(...COUNTRIES.map(({ numeric }) => numeric)),
  refused: [
    { text: "999", kind: "value" },
    { text: "IS6", kind: "form", meant: "156" },
  ],
  ...NONE,
});
