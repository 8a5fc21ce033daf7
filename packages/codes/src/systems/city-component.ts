import { DIGITS } from "./characters.ts";
import type { CodingSystem, Words } from "./coding-system.ts";
import { refuseValue } from "./refusal.ts";
import { refuseRegion, regionPart } from "./region.ts";

/** Classes that both standards have, or that say so themselves. Those above 06 are extensions that a city makes. */
const CLASSES: Readonly<Record<string, Words>> = {
  "01": { en: "public facilities", zh: "公用设施" },
  "02": { en: "roads and traffic", zh: "道路交通" },
  "03": { en: "city appearance and environment", zh: "市容环境" },
  "04": { en: "landscaping", zh: "园林绿化" },
  "05": { en: "other components; houses and land in CJ/T 214", zh: "其他部件（CJ/T 214 中为房屋土地）" },
  "06": { en: "other facilities in CJ/T 214", zh: "CJ/T 214 中为其他设施" },
};

/**
 * Identification code of a component in city management, such as a manhole cover or a street lamp: division 6, class 2,
 * subclass 2, serial 6. The text of the standard was not at hand: lengths are common knowledge, the names of the classes
 * come from public software. Zeros are refused where numbers are counted from 1.
 */
export const cityComponent: CodingSystem = {
  id: "city-component",
  title: { en: "City component code", zh: "城市管理部件标识码" },
  standards: [
    { name: "GB/T 30428.2-2013", basis: "common-knowledge" },
    { name: "CJ/T 214-2007", basis: "common-knowledge" },
  ],
  form: { lengths: [16, 16], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) => {
    const refusal = refuseRegion(text);
    if (refusal !== undefined) return refusal;
    for (const { name, from, until, label } of COUNTED) {
      const got = text.slice(from, until);
      if (Number(got) > 0) continue;
      return refuseValue(name, { expected: `a ${label.en.toLowerCase()} above ${got}`, got, at: from });
    }
    const parts = COUNTED.map(({ name, from, until, label }) => {
      const meaning = name === "class" ? CLASSES[text.slice(from, until)] : undefined;
      return { name, label, text: text.slice(from, until), ...(meaning === undefined ? {} : { meaning }) };
    });
    return { ok: true, value: { canonical: text, check: "none", parts: [regionPart(text), ...parts] } };
  },
  examples: [
    {
      value: "1101010103000001",
      of: {
        en: "made up by the rule: the first component of subclass 03 in Dongcheng, Beijing",
        zh: "按规则编造：北京市东城区03小类的第一个部件",
      },
    },
  ],
  names: "thing",
};

const COUNTED = [
  { name: "class", from: 6, until: 8, label: { en: "Class", zh: "大类" } },
  { name: "subclass", from: 8, until: 10, label: { en: "Subclass", zh: "小类" } },
  { name: "serial", from: 10, until: 16, label: { en: "Serial", zh: "流水号" } },
] as const;
