import fc from "fast-check";
import { imei, imeisv } from "./imei.ts";
import { luhnOf } from "./luhn.ts";
import { testSystem } from "./system.testing.ts";

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

testSystem(imei, {
  values: digits(14).map((body) => body + luhnOf(body)),
  written: [["49-015420-323751-8", "490154203237518"]],
  refused: [
    { text: "490154203237519", kind: "check", at: 14, meant: "490154203237518" },
    { text: "49015420323751O", kind: "form", at: 14 },
  ],
  noticesEveryCharacter: true,
  // 09 and 90 have one sum.
  noticesSwaps: false,
});
testSystem(imeisv, {
  values: digits(16),
  refused: [{ text: "490154203237518", kind: "form" }],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
