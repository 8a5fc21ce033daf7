import { complete, digits } from "../gs1/keys.testing.ts";
import { gln } from "./gln.ts";

import { testSystem } from "./system.testing.ts";

testSystem(gln, {
  values: digits(12).map(complete),
  written: [["9506 000 13437 6", "9506000134376"]],
  refused: [
    { text: "9506000134377", kind: "check", at: 12, meant: "9506000134376" },
    { text: "950600013437", kind: "form" },
  ],
  noticesEveryCharacter: true,
  // Neighbours that differ by five have the same weighted sum.
  noticesSwaps: false,
});
