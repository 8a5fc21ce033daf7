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
 * Number of a party or a place: company prefix and location, twelve digits together, and a check digit. Written as a
 * GTIN-13 is; only where it stands tells them apart.
 */
export const gln: CodingSystem = {
  id: "gln",
  title: { en: "Global location number (GLN)", zh: "全球参与方位置代码（GLN）" },
  standards: [keyStandard("2.4"), { name: "GB/T 16828-2021", basis: "common-knowledge" }],
  form: { lengths: [13, 13], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) =>
    refuseWrongCheckDigit(text) ??
    readingOf(text, "right", [
      prefixPart(text),
      companyPart(
        "company-location",
        { en: "Company and location", zh: "厂商和位置代码" },
        text.slice(3, 12),
      ),
      checkDigitPart(text.charAt(12)),
    ]),
  examples: [{ value: "9506000134376", of: { en: "the GS1 Global Office", zh: "GS1 全球总部" } }],
  names: "thing",
};
