import { checkCharacterOf as checkCharacterOfCode } from "@cityroot/codes/ma/check-character";
import { codes } from "@cityroot/codes/ma/code.testing";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  advanceCheck,
  CHECK_NONE,
  CHECK_START,
  checkCharacterOf,
  isCheckCharacter,
} from "./check-character.ts";

function isWhole(text: string): boolean {
  const last = text.length - 1;
  return isCheckCharacter(advanceCheck(CHECK_START, text, 0, last), text.charCodeAt(last));
}

test("the vector of the global release identifier, which uses ISO 7064 MOD 37,36", () => {
  expect(checkCharacterOf("A12425GABC1234002")).toBe("M");
  expect(isWhole("A12425GABC1234002M")).toBe(true);
});

test("separators are passed over", () => {
  expect(checkCharacterOf("A1.2425G/ABC1234002")).toBe("M");
});

test.each(["MA.156.a", "MA.156-1", "MA:1", "MA@1", "MA[1", "MA_1", "MA 1", "灯"])("%s has none", (stem) => {
  expect(checkCharacterOf(stem)).toBeUndefined();
  expect(advanceCheck(CHECK_START, stem, 0, stem.length)).toBe(CHECK_NONE);
  expect(isWhole(`${stem}0`)).toBe(false);
});

/** Goal: where both give a character, they give the same. Spec §11.4.2. */
test("it is the check character of all codes, where a code has one under a rule", () => {
  fc.assert(
    fc.property(codes, (code) => {
      const character = checkCharacterOf(code);
      expect(character === undefined).toBe(/[a-z_-]/.test(code));
      if (character !== undefined) expect(character).toBe(checkCharacterOfCode(code));
    }),
  );
});

const stemArb = fc.stringMatching(/^[0-9A-Z]{1,20}$/);

test("exactly one character is right after a stem", () => {
  fc.assert(
    fc.property(stemArb, (stem) => {
      const right = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((character) =>
        isWhole(stem + character),
      );
      expect(right).toEqual([checkCharacterOf(stem)]);
    }),
  );
});

test("any one mistyped character is noticed", () => {
  const characterArb = fc.stringMatching(/^[0-9A-Z]$/);
  fc.assert(
    fc.property(stemArb, fc.nat(), characterArb, (stem, nat, typed) => {
      const whole = stem + checkCharacterOf(stem)!;
      const at = nat % whole.length;
      fc.pre(whole[at] !== typed);
      expect(isWhole(whole.slice(0, at) + typed + whole.slice(at + 1)), whole).toBe(false);
    }),
  );
});

test("a computation can be carried on", () => {
  fc.assert(
    fc.property(stemArb, fc.nat(), (stem, nat) => {
      const at = nat % stem.length;
      const state = advanceCheck(CHECK_START, stem, 0, at);
      expect(advanceCheck(state, stem, at, stem.length)).toBe(
        advanceCheck(CHECK_START, stem, 0, stem.length),
      );
    }),
  );
});
