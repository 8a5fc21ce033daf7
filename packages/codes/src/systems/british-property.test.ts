import fc from "fast-check";
import { uprn, usrn } from "./british-property.ts";
import { testSystem } from "./system.testing.ts";

const number = (digits: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{0,${digits - 1}}$`));

testSystem(uprn, {
  values: number(12),
  refused: [
    { text: "010023266361", kind: "form", at: 0 },
    { text: "1002326636112", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
testSystem(usrn, {
  values: number(8),
  refused: [{ text: "123456789", kind: "form" }],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
