import fc from "fast-check";
import { expect, test } from "vitest";
import type { CodingSystem } from "./coding-system.ts";
import { geohash } from "./geohash.ts";
import { plusCode } from "./plus-code.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

const NONE = { noticesEveryCharacter: false, noticesSwaps: false };
const OLC = "[2-9CFGHJMPQRVWX]";
const first = "[2-9C][2-9CFGHJMPQRV]";

testSystem(geohash, {
  values: fc.stringMatching(/^[0-9b-hjkmnp-z]{1,12}$/),
  written: [["WWC2M", "wwc2m"]],
  refused: [
    { text: "wwc2a", kind: "form", at: 4 },
    { text: "wwc2mwwc2mwwc", kind: "form" },
  ],
  ...NONE,
});
testSystem(plusCode, {
  values: fc.oneof(
    fc.stringMatching(new RegExp(`^${first}${OLC}{6}[+](${OLC}{2,7})?$`)),
    fc.stringMatching(new RegExp(`^${first}000000[+]$`)),
    fc.stringMatching(new RegExp(`^${first}${OLC}{2}0000[+]$`)),
  ),
  written: [["8fw4v75v+8q", "8FW4V75V+8Q"]],
  refused: [
    { text: "V75V+8Q", kind: "form" },
    { text: "8FW4V75V+8", kind: "form" },
    { text: "8FW4V750+", kind: "form" },
    { text: "8FW40000+8Q", kind: "form" },
    { text: "FFW4V75V+8Q", kind: "value", at: 0 },
    { text: "8XW4V75V+8Q", kind: "value", at: 1 },
  ],
  ...NONE,
});

function areaOf(system: CodingSystem, text: string): readonly number[] {
  const read = readValue(system, text);
  const words = read.ok ? (read.value.parts[0]?.meaning?.en ?? "") : "";
  return [...words.matchAll(/-?[0-9.]+/g)].map(Number);
}

// Computed with the reference implementations (geohash.org's; google/open-location-code).
test.each([
  [geohash, "ezs42", [42.583007, 42.626953, -5.625, -5.581054]],
  [geohash, "u4pruydqqvj", [57.649109, 57.649111, 10.407438, 10.40744]],
  [plusCode, "8FVC9G8F+6X", [47.3655, 47.365625, 8.524875, 8.525]],
  [plusCode, "7FG49Q00+", [20.35, 20.4, 2.75, 2.8]],
  [plusCode, "4VCPPQGP+Q9", [-41.273125, -41.273, 174.785875, 174.786]],
] as const)("%o %s is the area of the reference", (system, text, expected) => {
  const area = areaOf(system as CodingSystem, text as string);
  for (const [at, degrees] of (expected as readonly number[]).entries())
    expect(area[at], `${text} ${at}`).toBeCloseTo(degrees, 4);
});
