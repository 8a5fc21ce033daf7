import fc from "fast-check";
import { expect, test } from "vitest";
import { checkCharacterOfDigits } from "../iso7064.ts";
import { PERSONAL_SYSTEMS, type PersonalKind, personalFault, personalKindOf } from "./persons.ts";

// The two examples of GB 11643, and numbers that are made up.
test.each<[string, PersonalKind | undefined]>([
  ["11010519491231002X", "citizen-number"],
  ["11010519491231002x", "citizen-number"],
  ["440524188001010014", "citizen-number"],
  ["１１０１０５１９４９１２３１００２Ｘ", "citizen-number"],
  ["110105-1949-1231-002X", "citizen-number"],
  [" 110105\u201019491231\u2212002 X\n", "citizen-number"],
  ["110105194912310021", undefined],
  ["110105194902290011", undefined],
  ["990105194912310021", undefined],
  ["1101051949123100", undefined],
  ["11010519491231002XX", undefined],
  ["110105491231002", "citizen-number-15"],
  ["110105 491231 002", "citizen-number-15"],
  ["110105490229002", undefined],
  ["990105491231002", undefined],
  ["13812345678", "mobile-number"],
  ["138-1234-5678", "mobile-number"],
  ["+86 138 1234 5678", "mobile-number"],
  ["0086-13812345678", "mobile-number"],
  ["8613812345678", "mobile-number"],
  ["12812345678", undefined],
  ["20012345678", undefined],
  ["+8513812345678", undefined],
  ["1381234567", undefined],
  ["138123456789", undefined],
  ["+", undefined],
  ["", undefined],
  [`${" ".repeat(80)}13812345678`, undefined],
])("%j is %s", (text, kind) => {
  expect(personalKindOf(text)).toBe(kind);
});

test("a wrong character in a citizen number is noticed", () => {
  const number = "11010519491231002X";
  fc.assert(
    fc.property(fc.nat(16), fc.nat(9), (at, digit) => {
      fc.pre(String(digit) !== number.charAt(at));
      expect(personalKindOf(number.slice(0, at) + digit + number.slice(at + 1))).toBeUndefined();
    }),
  );
});

test("the check character completes the weighted sum of the standard", () => {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const bodies = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 17, maxLength: 17 });
  fc.assert(
    fc.property(bodies, (body) => {
      const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0);
      expect(checkCharacterOfDigits(body)).toBe("10X98765432".charAt(sum % 11));
    }),
  );
});

test("no system of persons reads, and no fault says more than the kind", () => {
  for (const system of PERSONAL_SYSTEMS) {
    expect(system.names).toBe("person");
    expect(system).not.toHaveProperty("parse");
    expect(system).not.toHaveProperty("examples");
    const fault = personalFault(system.id);
    expect(fault).toMatchObject({ kind: "value", field: "value" });
    expect(fault).not.toHaveProperty("meant");
    expect(JSON.stringify(fault)).toMatch(/^[ -~]+$/);
  }
});
