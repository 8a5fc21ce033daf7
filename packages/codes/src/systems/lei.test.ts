import fc from "fast-check";
import { expect, test } from "vitest";
import { lei, leiCheckOf } from "./lei.ts";
import { testSystem } from "./system.testing.ts";

const body = fc.stringMatching(/^[A-Z0-9]{18}$/);

testSystem(lei, {
  values: body.map((text) => text + leiCheckOf(text)),
  written: [["5067 00ge-1g29325qx363", "506700GE1G29325QX363"]],
  refused: [
    { text: "506700GE1G29325QX364", kind: "check", at: 18, meant: "506700GE1G29325QX363" },
    { text: "506700GE1G29325QX3A3", kind: "form", at: 18 },
    { text: "506700GE1G29325QX36", kind: "form" },
  ],
  noticesEveryCharacter: true,
  noticesSwaps: false,
});

test("the check is that of the whole number, worked out at once", () => {
  fc.assert(
    fc.property(body, (text) => {
      const digits = [...text].map((character) => Number.parseInt(character, 36)).join("");
      const check = 98n - ((BigInt(digits) * 100n) % 97n);
      expect(leiCheckOf(text)).toBe(String(check).padStart(2, "0"));
    }),
  );
});
