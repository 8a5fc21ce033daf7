import fc from "fast-check";
import { CHARACTER_SET_82 } from "./character-sets.ts";

/** Texts of so many digits. */
export function digits(length: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(""));
}

/** The body with its check digit, as the standard words it, apart from the code: weighted with it, it is a multiple of 10. */
export function complete(body: string): string {
  const check = [..."0123456789"].find((digit) => {
    const all = [...body, digit].reverse().map(Number);
    return all.reduce((sum, each, at) => sum + each * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0;
  });
  return body + check;
}

/** Texts of the characters that serials and references may have. */
export function references(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...CHARACTER_SET_82), { minLength, maxLength }).map((all) => all.join(""));
}
