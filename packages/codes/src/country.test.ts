import { expect, test } from "vitest";
import { COUNTRIES, countryOfAlpha2, countryOfAlpha3, countryOfNumeric } from "./country.ts";
import { COUNTRIES_ALPHA, COUNTRIES_NUMERIC } from "./gs1/code-lists.ts";

test("every country has codes and names of its own, and is found by each code", () => {
  expect(COUNTRIES).toHaveLength(249);
  for (const one of COUNTRIES) {
    expect(one.alpha2).toMatch(/^[A-Z]{2}$/);
    expect(one.alpha3).toMatch(/^[A-Z]{3}$/);
    expect(one.numeric).toMatch(/^[0-9]{3}$/);
    expect(one.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(countryOfAlpha2(one.alpha2)).toBe(one);
    expect(countryOfAlpha3(one.alpha3)).toBe(one);
    expect(countryOfNumeric(one.numeric)).toBe(one);
  }
  expect(countryOfAlpha2("ZZ") ?? countryOfAlpha3("ZZZ") ?? countryOfNumeric("999")).toBeUndefined();
});

test("the codes are those that the syntax dictionary of GS1 knows", () => {
  expect(new Set(COUNTRIES.map(({ alpha2 }) => alpha2))).toEqual(COUNTRIES_ALPHA);
  const numeric = new Set(COUNTRIES.map((one) => one.numeric));
  expect([...numeric].filter((code) => !COUNTRIES_NUMERIC.has(code))).toEqual([]);
});
