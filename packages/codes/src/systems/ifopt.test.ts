import fc from "fast-check";
import { ifopt } from "./ifopt.ts";
import { testSystem } from "./system.testing.ts";

const group = fc.stringMatching(/^[0-9A-Za-z_]{1,9}$/);
const head = fc.tuple(fc.constantFrom("de", "ch", "at", "gb"), fc.stringMatching(/^[0-9]{1,8}$/));

testSystem(ifopt, {
  values: fc
    .tuple(head, fc.array(group, { minLength: 1, maxLength: 3 }))
    .map(([first, rest]) => [...first, ...rest].join(":")),
  written: [["de：11000：900160004", "de:11000:900160004"]],
  refused: [
    { text: "de:11000", kind: "form" },
    { text: "de:11000:1:2:3:4", kind: "form" },
    { text: "zz:11000:900160004", kind: "value", at: 0 },
    { text: "de:1100A:900160004", kind: "form", at: 3 },
    { text: "de:11000:", kind: "form", at: 9 },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
