import {
  checkDigitPart,
  companyPart,
  keyStandard,
  prefixPart,
  readingOf,
  refuseWrongCheckDigit,
} from "../gs1/key-parts.ts";
import { DIGITS } from "./characters.ts";
import type { CodingSystem, Part } from "./coding-system.ts";

/**
 * Trade item number (EAN-13): company prefix and item, twelve digits together, and a check digit. ISBN, ISMN and ISSN are
 * numbers among these, under prefixes of their own.
 */
export const gtin13: CodingSystem = {
  id: "gtin-13",
  title: { en: "Trade item number (GTIN-13, EAN)", zh: "全球贸易项目代码（GTIN-13，EAN）" },
  standards: [keyStandard("1.4.2, 2.1.2.3"), { name: "GB 12904-2008", basis: "common-knowledge" }],
  form: { lengths: [13, 13], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) =>
    refuseWrongCheckDigit(text) ??
    readingOf(text, "right", [
      ...shorterGtinPart(text),
      prefixPart(text),
      companyPart("company-item", { en: "Company and item", zh: "厂商和商品项目代码" }, text.slice(3, 12)),
      checkDigitPart(text.charAt(12)),
    ]),
  examples: [
    { value: "9521234543213", of: { en: "a made-up item of GS1's examples", zh: "GS1 示例中的虚构商品" } },
    { value: "6901234567892", of: { en: "a made-up item of China", zh: "虚构的中国商品" } },
    { value: "9787302511625", of: { en: "a made-up book", zh: "虚构的图书" } },
  ],
  names: "thing",
};

/**
 * The shorter trade item number that 13 digits with zeros before it are; 14 digits may be given too, and then the part
 * may be a GTIN-13. None where the first digit is not 0.
 */
export function shorterGtinPart(text: string): readonly Part[] {
  let zeros = 0;
  while (text.charAt(zeros) === "0") zeros++;
  const spare = text.length - zeros;
  // A GTIN-8 takes five zeros to thirteen digits; numbers with fewer are never one (General Specifications, 1.4.2).
  const length = [8, 12, 13].find((digits) => digits >= spare);
  if (length === undefined || length >= text.length) return [];
  const value = text.slice(text.length - length);
  return [
    {
      name: "shorter-gtin",
      label: { en: `GTIN-${length} with zeros before it`, zh: `前补零的 GTIN-${length}` },
      text: value,
      refersTo: { system: `gtin-${length}`, value },
    },
  ];
}
