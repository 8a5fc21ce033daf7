import fc from "fast-check";
import { DIGITS_AND_CAPITALS } from "./characters.ts";
import { organisationCode } from "./organisation-code.ts";
import { testSystem } from "./system.testing.ts";

const WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2, 1];
const bodies = fc
  .array(fc.constantFrom(...DIGITS_AND_CAPITALS), { minLength: 8, maxLength: 8 })
  .map((all) => all.join(""));

/** The check value as the standard words it, apart from the code: the weighted sum with it is divisible by 11. */
function complete(body: string): string {
  const check = [..."0123456789X"].find((_, value) => {
    const values = [...body].map((character) => DIGITS_AND_CAPITALS.indexOf(character));
    return [...values, value].reduce((sum, each, at) => sum + each * WEIGHTS[at]!, 0) % 11 === 0;
  });
  return body + check;
}

testSystem(organisationCode, {
  values: bodies.map(complete),
  written: [["55138508-2", "551385082"]],
  refused: [
    { text: "55138508-3", kind: "check", at: 8, meant: "551385082" },
    { text: "5513850８-Y", kind: "form", at: 8 },
    { text: "5513850", kind: "form" },
  ],
  // Letters that lie 11 apart have one check value, and so have the neighbours that differ by 11.
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
