import fc from "fast-check";
import { expect, test } from "vitest";
import { industrialInternetId } from "./industrial-internet-id.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

const numbers = fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }).map(String);
const suffixes = fc.stringMatching(/^[!-~\u4e00-\u9fff]([ -~\u4e00-\u9fff]{0,40}[!-~\u4e00-\u9fff])?$/);

testSystem(industrialInternetId, {
  values: fc
    .tuple(fc.constantFrom("86", "88"), numbers, numbers, suffixes)
    .map(([root, branch, enterprise, suffix]) => `${root}.${branch}.${enterprise}/${suffix}`),
  written: [
    [" 88.111.1/test test ", "88.111.1/test test"],
    ["８８.608.8899／META_zj02", "88.608.8899/META_zj02"],
    ["88.111.1/88.167", "88.111.1/88.167"],
    ["88.111.1/a/b", "88.111.1/a/b"],
  ],
  refused: [
    { text: "88.608/META_zj02", kind: "form", at: 0 },
    { text: "88.608.8899.1/META_zj02", kind: "form", at: 0 },
    { text: "88.608.8899", kind: "form", at: 0 },
    { text: "88.608.8899/", kind: "form", at: 12 },
    { text: "88.608.x/META_zj02", kind: "form", at: 0 },
    { text: "88.608.8899/a\u0007b", kind: "form", at: 13 },
    { text: "88.608.8899/\ud800", kind: "form", at: 12 },
    { text: "10.1000.182/x", kind: "form", at: 0 },
    { text: `88.608.8899/${"x".repeat(244)}`, kind: "form", at: 255 },
    { text: `88.608.${"1".repeat(17)}/x`, kind: "form", at: 0 },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("an identifier leads to its node and its enterprise, and the case of its suffix is kept", () => {
  expect(readValue(industrialInternetId, "88.608.8899/META_zj02")).toMatchObject({
    value: {
      parts: [
        { name: "prefix", text: "88.608.8899" },
        { name: "root", text: "88" },
        { name: "second-level", text: "608" },
        { name: "enterprise", text: "8899" },
        { name: "suffix", text: "META_zj02" },
      ],
    },
  });
});
