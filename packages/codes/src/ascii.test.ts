import { expect, test } from "vitest";
import { isAlphanumeric, isDigit, isDigits, lowerUnit, mapUnits, upperUnit } from "./ascii.ts";

/** Method: every code unit, against patterns over ASCII. */
test("only ASCII characters belong to a class or have a case", () => {
  for (let unit = 0; unit <= 0xffff; unit++) {
    const character = String.fromCharCode(unit);
    if (isDigit(unit) !== /[0-9]/.test(character)) expect.fail(`isDigit ${unit}`);
    if (isAlphanumeric(unit) !== /[0-9A-Za-z]/.test(character)) expect.fail(`isAlphanumeric ${unit}`);
    if (lowerUnit(unit) !== (/[A-Z]/.test(character) ? unit + 32 : unit)) expect.fail(`lowerUnit ${unit}`);
    if (upperUnit(unit) !== (/[a-z]/.test(character) ? unit - 32 : unit)) expect.fail(`upperUnit ${unit}`);
  }
});

test("digits are at least one", () => {
  expect(isDigits("0129")).toBe(true);
  for (const text of ["", "1a", " 1", "\uff11"]) expect(isDigits(text), text).toBe(false);
});

test("a text is mapped unit by unit", () => {
  expect(mapUnits("aZ-\u0131\u212a", upperUnit)).toBe("AZ-\u0131\u212a");
  expect(mapUnits("aZ-\u0130\u212a", lowerUnit)).toBe("az-\u0130\u212a");
});
