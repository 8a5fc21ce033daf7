import fc from "fast-check";
import { expect, test } from "vitest";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";
import { uscc } from "./uscc.ts";

const CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const bodies = fc
  .tuple(
    fc.constantFrom(..."123456789ANY"),
    fc.constantFrom(..."1239"),
    fc.integer({ min: 100_000, max: 999_999 }),
    fc.array(fc.constantFrom(...CHARACTERS), { minLength: 9, maxLength: 9 }),
  )
  .map(
    ([authority, kind, division, organisation]) => `${authority}${kind}${division}${organisation.join("")}`,
  );

/** The check value as the standard words it, apart from the code: the sum with it is divisible by 31. */
function complete(body: string): string {
  const values = [...body].map((character) => CHARACTERS.indexOf(character));
  const sum = values.reduce((total, value, at) => total + value * 3 ** at, 0);
  return body + [...CHARACTERS].find((_, value) => (sum + value) % 31 === 0);
}

testSystem(uscc, {
  values: bodies.map(complete),
  written: [
    ["9111 0108 5513 8508 2q", "91110108551385082Q"],
    ["91130100MA00000100", "91130100MA00000100"],
  ],
  refused: [
    { text: "91350100M000100Y44", kind: "check", at: 17, meant: "91350100M000100Y43" },
    // The letter O is none of the system's.
    { text: "9135O100M000100Y43", kind: "form", at: 4, meant: "91350100M000100Y43" },
    { text: "91350100M000100Y4", kind: "form" },
    { text: "91350100M000100Y433", kind: "form" },
    { text: "C1350100M000100Y43", kind: "value", at: 0 },
    { text: "91050100M000100Y43", kind: "value", at: 2 },
  ],
  noticesEveryCharacter: true,
  noticesSwaps: true,
});

test("where the organisation code fails its own check too, it is not guessed which character is wrong", () => {
  const sound = "91130102MA0700396T";
  expect(readValue(uscc, sound)).toMatchObject({ ok: true });
  const wrong = readValue(uscc, "91130102MA0700397T");
  expect(wrong).toMatchObject({ ok: false, fault: { kind: "check" } });
  expect(!wrong.ok && wrong.fault.meant).toBeUndefined();
  // A code that has a check character to fit tells that the one within does not.
  const made = readValue(uscc, "91130102MA0700397X");
  expect(made.ok && made.value.parts.find(({ name }) => name === "organisation")).toMatchObject({
    text: "MA0700397",
    meaning: { en: expect.stringContaining("does not agree") },
  });
});

test("a social credit code leads to its division and its organisation code", () => {
  const read = readValue(uscc, "91110108551385082Q");
  expect(read).toMatchObject({
    value: {
      parts: [
        { name: "authority", meaning: { zh: "工商（市场监管）" } },
        { name: "kind", text: "1" },
        { name: "division", refersTo: { system: "gbt2260", value: "110108" } },
        { name: "organisation", refersTo: { system: "organisation-code", value: "551385082" } },
        { name: "check", text: "Q" },
      ],
    },
  });
});
