import { countryOfAlpha2 } from "../country.ts";
import type { CodingSystem, Part } from "./coding-system.ts";
import { wordsOf } from "./iso3166-1.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm, refuseValue } from "./refusal.ts";

const NAMES = [
  ["country", "Country", "国家或地区"],
  ["area", "Administrative area", "行政区域"],
  ["stop", "Stop", "站点"],
  ["stop-area", "Part of the stop", "站点区域"],
  ["quay", "Quay", "站台"],
] as const;
const LEAST = 3;

/**
 * Stop of public transport: two letters of the country, the area, the stop, and perhaps a part of it and a quay, with colons
 * between. In Germany the area is the official key of the district.
 */
export const ifopt: CodingSystem = {
  id: "ifopt",
  title: { en: "Stop of public transport (IFOPT)", zh: "公共交通固定设施标识（IFOPT）" },
  standards: [
    { name: "EN 28701:2012", basis: "common-knowledge" },
    { name: "VDV 432", basis: "common-knowledge" },
  ],
  form: { lengths: [6, 64], characters: "any", needs: ":", case: "keep", separators: "" },
  parse: (text) => {
    const groups = text.split(":");
    if (groups.length < LEAST || groups.length > NAMES.length)
      return refuseForm({ expected: `${LEAST} to ${NAMES.length} groups with colons between`, got: text });
    let at = 0;
    for (const [index, group] of groups.entries()) {
      const form = index === 0 ? /^[a-z]{2}$/ : index === 1 ? /^[0-9]{1,12}$/ : /^[0-9A-Za-z_.-]{1,32}$/;
      const expected = ["two small letters", "1 to 12 digits"][index] ?? "1 to 32 letters, digits, . _ or -";
      if (!form.test(group)) return refuseForm({ field: NAMES[index]![0], expected, got: group, at });
      at += group.length + 1;
    }
    const country = countryOfAlpha2(groups[0]!.toUpperCase());
    if (country === undefined)
      return refuseValue("country", { expected: "two letters that are assigned", got: groups[0]!, at: 0 });
    const parts = groups.map((group, index): Part => {
      const [name, en, zh] = NAMES[index]!;
      return partOf(name, en, zh, group, index === 0 ? wordsOf(country) : undefined);
    });
    return reading(text, "none", parts);
  },
  examples: [{ value: "de:11000:900003201", of: { en: "Berlin central station", zh: "柏林中央车站" } }],
  names: "thing",
};
