import { type Country, countryOfAlpha2, countryOfAlpha3, countryOfNumeric } from "../country.ts";
import { CAPITALS, DIGITS } from "./characters.ts";
import type { CodingSystem, Standard, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseValue } from "./refusal.ts";

const STANDARD: Standard = { name: "ISO 3166-1:2020", basis: "public-source" };

/** Two letters of a country. ISO 3166-1 alpha-2. */
export const iso3166Alpha2: CodingSystem = countrySystem({
  id: "iso3166-1-alpha-2",
  title: { en: "Country code of two letters", zh: "国家和地区两字母代码" },
  length: 2,
  characters: CAPITALS,
  find: countryOfAlpha2,
  example: "CN",
});

/** Three letters of a country. ISO 3166-1 alpha-3. */
export const iso3166Alpha3: CodingSystem = countrySystem({
  id: "iso3166-1-alpha-3",
  title: { en: "Country code of three letters", zh: "国家和地区三字母代码" },
  length: 3,
  characters: CAPITALS,
  find: countryOfAlpha3,
  example: "CHN",
});

/** Three digits of a country, as in MA codes. ISO 3166-1 numeric. */
export const iso3166Numeric: CodingSystem = countrySystem({
  id: "iso3166-1-numeric",
  title: { en: "Country code of three digits", zh: "国家和地区数字代码" },
  length: 3,
  characters: DIGITS,
  find: countryOfNumeric,
  example: "156",
});

function countrySystem(parts: {
  readonly id: string;
  readonly title: Words;
  readonly length: number;
  readonly characters: string;
  readonly find: (code: string) => Country | undefined;
  readonly example: string;
}): CodingSystem {
  const { id, title, length, characters, find, example } = parts;
  return {
    ...{ id, title, standards: [STANDARD] },
    form: { lengths: [length, length], characters, case: "upper", separators: "" },
    parse: (text) => {
      const country = find(text);
      if (country === undefined)
        return refuseValue("country", { expected: "a code that is assigned", got: text, at: 0 });
      return reading(text, "none", [partOf("country", "Country", "国家或地区", text, wordsOf(country))]);
    },
    examples: [{ value: example, of: { en: "China", zh: "中国" } }],
    names: "thing",
  };
}

/** The names of a country alone. */
export function wordsOf({ en, zh }: Words): Words {
  return { en, zh };
}
