import { countryOfAlpha2 } from "../country.ts";
import { CAPITALS } from "./characters.ts";
import type { CodingSystem } from "./coding-system.ts";
import { wordsOf } from "./iso3166-1.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm, refuseValue } from "./refusal.ts";

/** Stands for installations in international waters. */
const WATERS = "XZ";

/**
 * A place of trade and transport: two letters of its country and three letters, or digits from 2 on, for the place. Often
 * written with a space between. Which places there are is not known here.
 */
export const unlocode: CodingSystem = {
  id: "unlocode",
  title: { en: "UN/LOCODE", zh: "联合国贸易和运输地点代码" },
  standards: [
    { name: "UNECE Recommendation No. 16, fifth edition", basis: "common-knowledge" },
    { name: "GB/T 15514", basis: "common-knowledge" },
  ],
  form: { lengths: [5, 5], characters: `${CAPITALS}23456789`, case: "upper", separators: " " },
  parse: (text) => {
    const letters = text.slice(0, 2);
    const country = countryOfAlpha2(letters);
    if (!CAPITALS.includes(text.charAt(0)) || !CAPITALS.includes(text.charAt(1)))
      return refuseForm({ field: "country", expected: "two letters", got: letters, at: 0 });
    if (country === undefined && letters !== WATERS)
      return refuseValue("country", {
        expected: "two letters that are assigned, or XZ",
        got: letters,
        at: 0,
      });
    const meaning = country === undefined ? { en: "International waters", zh: "国际水域" } : wordsOf(country);
    return reading(text, "none", [
      partOf("country", "Country", "国家或地区", letters, meaning),
      partOf("place", "Place", "地点", text.slice(2)),
    ]);
  },
  examples: [{ value: "CNSJW", of: { en: "Shijiazhuang", zh: "石家庄" } }],
  names: "thing",
};
