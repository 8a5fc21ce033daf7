import fc from "fast-check";
import { digits, references } from "../gs1/keys.testing.ts";
import { giai } from "./giai.ts";
import { testSystem } from "./system.testing.ts";

testSystem(giai, {
  values: fc
    .tuple(fc.constantFrom("690", "952", "061", "950", "400"), digits(1), references(1, 26))
    .map((parts) => parts.join("")),
  written: [["9521141 123456 AB-7", "9521141123456AB-7"]],
  refused: [
    { text: "952A141123456", kind: "form", at: 0 },
    // Books, goods by weight and coupons are no assets; 141 is not allotted.
    { text: "9781141123456", kind: "value", at: 0 },
    { text: "2011141123456", kind: "value", at: 0 },
    { text: "1411141123456", kind: "value", at: 0 },
    { text: "9521", kind: "form" },
    { text: "9521141123456789012345678901234", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
