import { DIGITS, DIGITS_AND_CAPITALS } from "./characters.ts";
import type { CodingSystem, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseCheck, refuseForm } from "./refusal.ts";

const CHARACTERS = DIGITS_AND_CAPITALS.replace(/[IOQ]/g, "");
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const CHECK_AT = 8;
const MODULUS = 11;
/** What each letter counts, A to Z without I, O and Q. 49 CFR 565.15 table III; GB 16735-2019 has the same. */
const LETTER_VALUES: Readonly<Record<string, number>> = {
  ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8 },
  ...{ J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
  ...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
};
/** First characters of China and of the United States, Canada and Mexico, where the check character is laid down. */
const CHECKED = "L12345";
/** Model years in the order in which they follow one another, the first of which is 1980 and again 2010. */
const YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789";
const YEAR_FIRST = 1980;

const REGIONS: readonly (readonly [characters: string, region: Words])[] = [
  ["ABCDEFGH", { en: "Africa", zh: "非洲" }],
  ["L", { en: "China", zh: "中国" }],
  ["JKMNPR", { en: "Asia", zh: "亚洲" }],
  ["STUVWXYZ", { en: "Europe", zh: "欧洲" }],
  ["12345", { en: "North America", zh: "北美洲" }],
  ["67", { en: "Oceania", zh: "大洋洲" }],
  ["89", { en: "South America", zh: "南美洲" }],
];

/**
 * Vehicle identification number: three characters of the maker, six that describe the vehicle, eight that single it out. The
 * ninth is a check character in China and North America; elsewhere it may be anything, and counts as one where it agrees.
 */
export const vin: CodingSystem = {
  id: "vin",
  title: { en: "Vehicle identification number (VIN)", zh: "车辆识别代号（VIN）" },
  standards: [
    { name: "ISO 3779:2009", basis: "common-knowledge" },
    { name: "GB 16735-2019", basis: "public-source" },
  ],
  form: { lengths: [17, 17], characters: CHARACTERS, case: "upper", separators: " -" },
  parse: (text) => {
    const region = REGIONS.find(([characters]) => characters.includes(text.charAt(0)))?.[1];
    if (region === undefined)
      return refuseForm({ field: "maker", expected: "a letter or a digit from 1 on", got: text, at: 0 });
    if (!DIGITS.includes(text.charAt(16)))
      return refuseForm({ field: "serial", expected: "a digit at the end", got: text, at: 16 });
    const check = vinCheckOf(text);
    const got = text.charAt(CHECK_AT);
    const isRight = got === check;
    if (!isRight && CHECKED.includes(text.charAt(0))) {
      const meant = text.slice(0, CHECK_AT) + check + text.slice(CHECK_AT + 1);
      return refuseCheck({ expected: check, got, at: CHECK_AT, meant });
    }
    return reading(text, isRight ? "right" : "none", [
      partOf("maker", "Maker", "制造厂", text.slice(0, 3), region),
      partOf("vehicle", "Vehicle", "车辆特征", text.slice(3, CHECK_AT)),
      isRight ? partOf("check", "Check character", "校验位", got) : partOf("ninth", "Ninth", "第九位", got),
      partOf("model-year", "Model year", "车型年份", text.charAt(9), modelYear(text.charAt(9))),
      partOf("plant", "Plant", "装配厂", text.charAt(10)),
      partOf("serial", "Serial number", "生产顺序号", text.slice(11)),
    ]);
  },
  examples: [
    { value: "1M8GDM9AXKP042788", of: { en: "a bus from the United States", zh: "美国的一辆客车" } },
  ],
  names: "thing",
};

/** The check character of seventeen characters, whatever stands in its place: the weighted sum modulo 11, X for 10. */
export function vinCheckOf(text: string): string {
  let sum = 0;
  for (const [at, weight] of WEIGHTS.entries()) {
    const character = text.charAt(at);
    sum += weight * (LETTER_VALUES[character] ?? Number(character));
  }
  const value = sum % MODULUS;
  return value === 10 ? "X" : String(value);
}

/** The letters come again after thirty years: both years are said. */
function modelYear(character: string): Words | undefined {
  const at = YEARS.indexOf(character);
  if (at < 0) return undefined;
  const [first, second] = [YEAR_FIRST + at, YEAR_FIRST + at + YEARS.length];
  return { en: `${first} or ${second}`, zh: `${first}或${second}年` };
}
