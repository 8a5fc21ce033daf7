import {
  checkDigitPart,
  companyPart,
  keyStandard,
  prefixPart,
  readingOf,
  refuseWrongCheckDigit,
} from "../gs1/key-parts.ts";
import { DIGITS } from "./characters.ts";
import type { CodingSystem } from "./coding-system.ts";

/**
 * Trade item number as the United States and Canada print it (UPC-A): company prefix and item, eleven digits together,
 * and a check digit. With a zero before it, it is a GTIN-13.
 */
export const gtin12: CodingSystem = {
  id: "gtin-12",
  title: { en: "Trade item number (GTIN-12, UPC)", zh: "全球贸易项目代码（GTIN-12，UPC）" },
  standards: [keyStandard("1.4.2, 2.1.2.2")],
  form: { lengths: [12, 12], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) =>
    refuseWrongCheckDigit(text) ??
    readingOf(text, "right", [
      { ...prefixPart(`0${text}`), text: text.slice(0, 2) },
      companyPart("company-item", { en: "Company and item", zh: "厂商和商品项目代码" }, text.slice(2, 11)),
      checkDigitPart(text.charAt(11)),
    ]),
  examples: [{ value: "614141007349", of: { en: "an example of GS1 US", zh: "GS1 美国的示例" } }],
  names: "thing",
};
