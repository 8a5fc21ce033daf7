import { expect, test } from "vitest";
import {
  advanceHybrid,
  alphanumericOf,
  alphanumericValueOf,
  checkCharacterOfText,
  closeHybrid,
  MODULUS_ALPHANUMERIC,
  MODULUS_NUMERIC,
} from "./iso7064.ts";

/** GRid standard 2.1; ISAN, first the check of root and episode, then that of the whole with the version. */
test.each([
  ["A12425GABC1234002", "M"],
  ["00000000D07A0090", "Q"],
  ["00000000D07A009000000000", "X"],
  ["000000018CFA0000", "I"],
  ["000000018CFA000000000000", "K"],
  ["0000000189470000", "8"],
  ["000000018947000000000000", "D"],
  ["188166C734206541", "Y"],
  ["188166C7342065419F3A0245", "O"],
])("MOD 37,36 of %s is %s", (text, check) => {
  expect(checkCharacterOfText(text)).toEqual({ ok: true, value: check });
});

test.each([
  ["79462", "3"],
  ["00200667308", "5"],
])("MOD 11,10 of %s is %s", (text, check) => {
  let carry = MODULUS_NUMERIC;
  for (const digit of text) carry = advanceHybrid(MODULUS_NUMERIC, carry, Number(digit));
  expect(alphanumericOf(closeHybrid(MODULUS_NUMERIC, carry))).toBe(check);
});

test("other characters are refused", () => {
  expect(checkCharacterOfText("A1a")).toMatchObject({ ok: false, fault: { field: "text", at: 2 } });
});

test("characters and values are each other's inverse", () => {
  for (let value = 0; value < MODULUS_ALPHANUMERIC; value++) {
    expect(alphanumericValueOf(alphanumericOf(value).charCodeAt(0)), `${value}`).toBe(value);
  }
  for (const other of "/:@[`az{ ") expect(alphanumericValueOf(other.charCodeAt(0)), other).toBe(-1);
});

test.each([MODULUS_NUMERIC, MODULUS_ALPHANUMERIC])("modulus %i: one wrong value always shows", (modulus) => {
  for (let carry = 1; carry <= modulus; carry++) {
    const after = new Set<number>();
    for (let value = 0; value < modulus; value++) after.add(advanceHybrid(modulus, carry, value));
    expect(after.size, `carry ${carry}`).toBe(modulus);
    expect(Math.min(...after), `carry ${carry}`).toBe(1);
    expect(Math.max(...after), `carry ${carry}`).toBe(modulus);
  }
  for (let value = 0; value < modulus; value++) {
    const after = new Set<number>();
    for (let carry = 1; carry <= modulus; carry++) after.add(advanceHybrid(modulus, carry, value));
    expect(after.size, `value ${value}`).toBe(modulus);
  }
});

/** Goal: state exactly which swaps stay hidden. Method: every carry with every pair of values. */
test.each([MODULUS_NUMERIC, MODULUS_ALPHANUMERIC])(
  "modulus %i: each carry hides one swap, of neighbours",
  (modulus) => {
    const hidden = new Set<string>();
    for (let carry = 1; carry <= modulus; carry++) {
      let found = 0;
      for (let a = 0; a < modulus; a++) {
        for (let b = a + 1; b < modulus; b++) {
          const straight = advanceHybrid(modulus, advanceHybrid(modulus, carry, a), b);
          const swapped = advanceHybrid(modulus, advanceHybrid(modulus, carry, b), a);
          if (straight !== swapped) continue;
          found++;
          hidden.add(`${a} ${b}`);
          expect([1, modulus - 1], `carry ${carry}: ${a} and ${b}`).toContain(b - a);
        }
      }
      expect(found, `carry ${carry}`).toBe(1);
    }
    expect(hidden.size).toBe(modulus);
  },
);
