import { countryOfAlpha2, countryOfAlpha3, countryOfNumeric } from "@cityroot/codes/country";
import { iso3166Part2 } from "@cityroot/codes/systems/iso3166-2";
import { iso31661, iso31662 } from "iso-3166";
import { expect, test } from "vitest";

/** Goal: the countries, and the parts of China, are those of a list that others keep. */
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

test("countries, in all three forms, and no others", () => {
  const assigned = iso31661.filter(({ state }) => state === "assigned");
  expect(assigned.length).toBeGreaterThan(240);
  for (const { alpha2, alpha3, numeric } of assigned) {
    const country = countryOfAlpha2(alpha2);
    expect(country, alpha2).toMatchObject({ alpha2, alpha3, numeric });
    expect(countryOfAlpha3(alpha3)).toBe(country);
    expect(countryOfNumeric(numeric)).toBe(country);
  }
  const known = LETTERS.flatMap((first) => LETTERS.filter((second) => countryOfAlpha2(first + second)));
  expect(known).toHaveLength(assigned.length);
});

test("parts of China, and of other countries", () => {
  const china = iso31662.filter(({ parent }) => parent === "CN").map(({ code }) => code);
  expect(china.length).toBeGreaterThan(30);
  const known = LETTERS.flatMap((first) => LETTERS.map((second) => `CN-${first}${second}`)).filter(
    (code) => iso3166Part2.parse(code).ok,
  );
  expect(known.sort()).toEqual(china.sort());
  for (const { code } of iso31662) expect(iso3166Part2.parse(code).ok, code).toBe(true);
});
