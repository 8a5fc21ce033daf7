import fc from "fast-check";
import { expect, test } from "vitest";
import { checkCharacterOfText } from "../iso7064.ts";
import { addCheckCharacter, checkCharacterOf, verifyCheckCharacter } from "./check-character.ts";
import { codes } from "./code.testing.ts";
import type { Code } from "./code.ts";

const ALPHANUMERICS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Codes with a check character at the end, as text: what is made of them need not be a code. */
const checked = codes.map((code) => code + checkCharacterOf(code));

function verifies(text: string): boolean {
  return verifyCheckCharacter(text as Code);
}

function isSummed(character: string): boolean {
  return /[0-9A-Za-z]/.test(character);
}

function replaceAt(text: string, at: number, character: string): string {
  return text.slice(0, at) + character + text.slice(at + 1);
}

test("the sum runs over letters and digits, as upper case", () => {
  const code = "MA.156.1301.02/60.10000000.lamp-7_b/000123" as Code;
  expect({ ok: true, value: checkCharacterOf(code) }).toEqual(
    checkCharacterOfText("MA1561301026010000000LAMP7B000123"),
  );
});

test("a check character is added where the last node has room", () => {
  const made = addCheckCharacter("MA.156.1301.02/60.10000000.1/000123" as Code);
  expect(made).toEqual({ ok: true, value: "MA.156.1301.02/60.10000000.1/0001231" });
  for (const full of ["MA.156", "MA.156.1301.02/60", "MA.156.1301.02/60.10000000"]) {
    expect(addCheckCharacter(full as Code).ok, full).toBe(false);
  }
});

test("a code verifies with its own check character only, and only in upper case", () => {
  fc.assert(
    fc.property(codes, (code) => {
      const check = checkCharacterOf(code);
      for (const character of ALPHANUMERICS) {
        expect(verifies(code + character), code + character).toBe(character === check);
      }
      for (const other of `-_${/[A-Z]/.test(check) ? check.toLowerCase() : ""}`) {
        expect(verifies(code + other), code + other).toBe(false);
      }
    }),
  );
});

/** Method: every position of a code with every other character. */
test("every single substitution is detected", () => {
  fc.assert(
    fc.property(checked, (text) => {
      for (let at = 0; at < text.length; at++) {
        const right = text.charAt(at);
        if (!isSummed(right)) continue;
        for (const wrong of ALPHANUMERICS) {
          if (wrong === right.toUpperCase()) continue;
          expect(verifies(replaceAt(text, at, wrong)), `${text}: ${wrong} at ${at}`).toBe(false);
        }
      }
    }),
  );
});

/** Method: swap each two neighbours, also across a separator and with the check character. */
test("only swaps of characters with neighbouring values can stay hidden", () => {
  fc.assert(
    fc.property(checked, (text) => {
      const summed = Array.from(text, (_, at) => at).filter((at) => isSummed(text.charAt(at)));
      for (const [index, at] of summed.entries()) {
        const next = summed[index + 1];
        if (next === undefined) continue;
        const [a, b] = [text.charAt(at).toUpperCase(), text.charAt(next).toUpperCase()];
        if (a === b || !verifies(replaceAt(replaceAt(text, at, b), next, a))) continue;
        const distance = Math.abs(ALPHANUMERICS.indexOf(a) - ALPHANUMERICS.indexOf(b));
        expect([1, ALPHANUMERICS.length - 1], `${text}: ${a} and ${b}`).toContain(distance);
      }
    }),
    { numRuns: 1000 },
  );
});

test("case, separators and marks are not detected", () => {
  const code = "MA.156.1301.02/60.10000000.lamp/000123" as Code;
  const check = checkCharacterOf(code);
  for (const text of [
    "MA.156.1301.02/60.10000000.LAMP/000123",
    "MA.156.130.102/60.10000000.lamp/000123",
    "MA.156.1301.02/60.10000000.la-mp/000_123",
  ]) {
    expect(checkCharacterOf(text as Code), text).toBe(check);
  }
});
