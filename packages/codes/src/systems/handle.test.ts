import fc from "fast-check";
import { doi, handle } from "./handle.ts";
import { testSystem } from "./system.testing.ts";

const suffix = fc.stringMatching(/^[!-~]{1,40}$/);

testSystem(handle, {
  values: fc
    .tuple(fc.stringMatching(/^[0-9]{1,4}(\.[0-9]{1,5}){0,3}$/), suffix)
    .map((parts) => parts.join("/")),
  refused: [
    { text: "88.608.8899", kind: "form", at: 0 },
    { text: "88.608.8899/", kind: "form", at: 12 },
    { text: "88..608/x", kind: "form", at: 0 },
    { text: "88.608/a b", kind: "form", at: 7 },
    { text: "88.608/a\u202eb", kind: "form" },
    { text: "name/x", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
testSystem(doi, {
  values: fc
    .tuple(fc.stringMatching(/^10\.[0-9]{4,9}(\.[0-9]{1,4}){0,2}$/), suffix)
    .map((parts) => parts.join("/").toLowerCase()),
  written: [["10.1000/ABC-1", "10.1000/abc-1"]],
  refused: [
    { text: "10.100/182", kind: "form", at: 0 },
    { text: "11.1000/182", kind: "form", at: 0 },
    { text: "10.1000/ 182", kind: "form", at: 8 },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});
