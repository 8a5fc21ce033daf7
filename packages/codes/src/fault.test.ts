import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeText, FAULT_GOT_CHARACTERS_MAX, fault, parsed, refused } from "./fault.ts";

test("an outcome is a value or a fault", () => {
  expect(parsed(7)).toEqual({ ok: true, value: 7 });
  const why = fault({ field: "country", expected: "3 digits", got: "CN" });
  expect(refused(why)).toEqual({ ok: false, fault: { field: "country", expected: "3 digits", got: "CN" } });
});

test("what came is shown in printable ASCII", () => {
  const got = fault({ field: "f", expected: "e", got: "\uff11\n\\ \ud83d" }).got;
  expect(got).toBe("\\uff11\\u000a\\\\ \\ud83d");
});

test("what came is shortened, never within an escape", () => {
  expect(escapeText("abcdef", 6)).toBe("abcdef");
  expect(escapeText("abcdefg", 6)).toBe("abc...");
  expect(escapeText("a\uff11bcdefgh", 8)).toBe("a...");
  expect(escapeText("\uff11\uff11", 8)).toBe("...");
});

/** Goal: no input makes a fault that is long or unprintable. Method: any code points. */
test("every fault is short and printable", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const got = fault({ field: "f", expected: "e", got: text }).got;
      expect(got.length, text).toBeLessThanOrEqual(FAULT_GOT_CHARACTERS_MAX);
      expect(got, text).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

test("texts that differ look different", () => {
  const unit = fc.integer({ min: 0, max: 0xffff });
  const text = fc.array(unit, { maxLength: 8 }).map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(escapeText(a, 80) === escapeText(b, 80), `${a} ${b}`).toBe(a === b);
    }),
  );
});
