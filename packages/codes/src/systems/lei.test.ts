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
  // A letter counts as two digits, and so moves what stands before it: one for a digit is not always noticed.
  noticesEveryCharacter: false,
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

test("a digit for another digit and a letter for another letter are noticed", () => {
  fc.assert(
    fc.property(body, fc.nat(19), fc.nat(), (text, at, which) => {
      const value = text + leiCheckOf(text);
      const alike = /[0-9]/.test(value.charAt(at)) ? "0123456789" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
      const others = alike.replace(value.charAt(at), "");
      const wrong = value.slice(0, at) + others.charAt(which % others.length) + value.slice(at + 1);
      expect(lei.parse(wrong).ok, `${value} ${wrong}`).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});
