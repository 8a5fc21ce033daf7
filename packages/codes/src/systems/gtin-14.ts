import {
  checkDigitPart,
  companyPart,
  keyStandard,
  prefixPart,
  readingOf,
  refuseWrongCheckDigit,
} from "../gs1/key-parts.ts";
import { prefixOfGtin8 } from "../gs1/prefix.ts";
import { DIGITS } from "./characters.ts";
import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { shorterGtinPart } from "./gtin-13.ts";

const INDICATOR_LABEL: Words = { en: "Indicator", zh: "指示符" };

/**
 * Trade item number of 14 digits: indicator, company prefix and item, check digit. Indicator 0 is a shorter number filled
 * up, 1 to 8 a grouping of what the other digits name, 9 goods of variable measure.
 */
export const gtin14: CodingSystem = {
  id: "gtin-14",
  title: { en: "Trade item number (GTIN-14)", zh: "全球贸易项目代码（GTIN-14）" },
  standards: [keyStandard("2.1.3"), { name: "GB/T 16830-2008", basis: "common-knowledge" }],
  form: { lengths: [14, 14], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) => refuseWrongCheckDigit(text) ?? readingOf(text, "right", gtin14Parts(text)),
  examples: [
    { value: "09521234543213", of: { en: "a made-up item of GS1's examples", zh: "GS1 示例中的虚构商品" } },
    { value: "16901234567899", of: { en: "a made-up case of China", zh: "虚构的中国箱装" } },
  ],
  names: "thing",
};

/** The parts of 14 digits whose check digit is right. */
export function gtin14Parts(text: string): readonly Part[] {
  const shorter = shorterGtinPart(text);
  const is8 = shorter[0]?.text.length === 8;
  const body = is8 ? text.slice(6) : text.slice(1);
  return [
    {
      name: "indicator",
      label: INDICATOR_LABEL,
      text: text.charAt(0),
      meaning: indicatorMeaning(text.charAt(0)),
    },
    ...shorter,
    is8 ? prefixPart(body, prefixOfGtin8) : prefixPart(body),
    companyPart("company-item", { en: "Company and item", zh: "厂商和商品项目代码" }, body.slice(3, -1)),
    checkDigitPart(text.charAt(13)),
  ];
}

function indicatorMeaning(digit: string): Words {
  if (digit === "0") return { en: "a shorter number filled up with zeros", zh: "较短代码前补零" };
  if (digit === "9") return { en: "item of variable measure", zh: "变量贸易项目" };
  return {
    en: `grouping ${digit}, in an order that the company chose`,
    zh: `第 ${digit} 种包装组合，由企业自定`,
  };
}
