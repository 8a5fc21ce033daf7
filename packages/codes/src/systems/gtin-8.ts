import {
  checkDigitPart,
  keyStandard,
  prefixPart,
  readingOf,
  refuseWrongCheckDigit,
} from "../gs1/key-parts.ts";
import { prefixOfGtin8 } from "../gs1/prefix.ts";
import { DIGITS } from "./characters.ts";
import type { CodingSystem } from "./coding-system.ts";

/** Trade item number for small packs: GS1-8 prefix and item reference, seven digits together, and a check digit. */
export const gtin8: CodingSystem = {
  id: "gtin-8",
  title: { en: "Trade item number (GTIN-8)", zh: "全球贸易项目代码（GTIN-8）" },
  standards: [keyStandard("1.4.3, 2.1.2.4"), { name: "GB 12904-2008", basis: "common-knowledge" }],
  form: { lengths: [8, 8], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) =>
    refuseWrongCheckDigit(text) ??
    readingOf(text, "right", [
      prefixPart(text, prefixOfGtin8),
      { name: "item", label: { en: "Item", zh: "商品项目代码" }, text: text.slice(3, 7) },
      checkDigitPart(text.charAt(7)),
    ]),
  examples: [{ value: "95200002", of: { en: "a made-up small pack", zh: "虚构的小包装" } }],
  names: "thing",
};
