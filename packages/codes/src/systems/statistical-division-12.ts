import { DIGITS } from "./characters.ts";
import type { CodingSystem } from "./coding-system.ts";
import { readStatistical } from "./statistical-division.ts";

/**
 * Statistical division code of twelve digits: division 6, town 3, village 3, 000 for none. It is kept apart from GB/T 2260
 * because statisticians draw divisions of their own, such as development zones, and number them as divisions.
 */
export const statisticalDivision12: CodingSystem = {
  id: "statistical-division-12",
  title: { en: "Statistical division code, 12 digits", zh: "统计用区划代码（12位）" },
  standards: [
    { name: "统计用区划代码和城乡划分代码编制规则", basis: "public-source" },
    { name: "GB/T 10114-2003", basis: "public-source" },
  ],
  form: { lengths: [12, 12], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) => {
    const parts = readStatistical(text);
    if ("ok" in parts) return parts;
    return { ok: true, value: { canonical: text, check: "none", parts } };
  },
  examples: [
    {
      value: "320508019044",
      of: {
        en: "a residents' committee in Jinchang subdistrict, Gusu, Suzhou",
        zh: "苏州市姑苏区金阊街道养育巷社区",
      },
    },
    {
      value: "220581102200",
      of: {
        en: "a village in Meihekou, Jilin, in published tables",
        zh: "吉林省梅河口市的一个村（公开的区划表）",
      },
    },
  ],
  names: "thing",
};
