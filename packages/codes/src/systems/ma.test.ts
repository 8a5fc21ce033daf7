import { codes } from "../ma/code.testing.ts";
import { ma } from "./ma.ts";
import { testSystem } from "./system.testing.ts";

testSystem(ma, {
  values: codes.filter((code) => code.length >= 6),
  written: [["MA.156.1301.02/60.10000000.1/000123/", "MA.156.1301.02/60.10000000.1/000123"]],
  refused: [
    { text: "ma.156.1301", kind: "form", at: 0, meant: "MA.156.1301" },
    { text: "MA.15.1301", kind: "form" },
    { text: "91350100M000100Y43", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
