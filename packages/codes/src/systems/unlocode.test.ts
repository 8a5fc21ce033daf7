import fc from "fast-check";
import { COUNTRIES } from "../country.ts";
import { testSystem } from "./system.testing.ts";
import { unlocode } from "./unlocode.ts";

const country = fc.constantFrom("XZ", ...COUNTRIES.map(({ alpha2 }) => alpha2));

testSystem(unlocode, {
  values: fc.tuple(country, fc.stringMatching(/^[A-Z2-9]{3}$/)).map((parts) => parts.join("")),
  written: [["cn sjw", "CNSJW"]],
  refused: [
    { text: "ZZSJW", kind: "value", at: 0 },
    { text: "CNSJ1", kind: "form", at: 4, meant: "CNSJI" },
    { text: "2NSJW", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
