import { DIGITS } from "./characters.ts";
import type { CodingSystem } from "./coding-system.ts";
import { readStatistical } from "./statistical-division.ts";

/** Statistical division code cut after the town: division 6, town 3, 000 for none. */
export const statisticalDivision9: CodingSystem = {
  id: "statistical-division-9",
  title: { en: "Statistical division code, 9 digits", zh: "统计用区划代码（9位，至乡级）" },
  standards: [
    { name: "统计用区划代码和城乡划分代码编制规则", basis: "public-source" },
    { name: "GB/T 10114-2003", basis: "public-source" },
  ],
  form: { lengths: [9, 9], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) => {
    const parts = readStatistical(text);
    if ("ok" in parts) return parts;
    return { ok: true, value: { canonical: text, check: "none", parts } };
  },
  examples: [
    { value: "320508019", of: { en: "Jinchang subdistrict, Gusu, Suzhou", zh: "苏州市姑苏区金阊街道" } },
    {
      value: "230129100",
      of: {
        en: "a town of Yanshou, Harbin, in published tables",
        zh: "哈尔滨市延寿县的一个镇（公开的区划表）",
      },
    },
  ],
  names: "thing",
};
