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

/** Number of a logistic unit: extension digit, company prefix and serial, check digit. */
export const sscc: CodingSystem = {
  id: "sscc",
  title: { en: "Serial shipping container code (SSCC)", zh: "系列货运包装箱代码（SSCC）" },
  standards: [keyStandard("2.2.1"), { name: "GB/T 18127-2009", basis: "common-knowledge" }],
  form: { lengths: [18, 18], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) =>
    refuseWrongCheckDigit(text) ??
    readingOf(text, "right", [
      {
        name: "extension",
        label: { en: "Extension digit", zh: "扩展位" },
        text: text.charAt(0),
        meaning: {
          en: "makes room for more serials; no meaning of its own",
          zh: "用于扩充序列号，本身无含义",
        },
      },
      prefixPart(text.slice(1)),
      companyPart("company-serial", { en: "Company and serial", zh: "厂商和系列号" }, text.slice(4, 17)),
      checkDigitPart(text.charAt(17)),
    ]),
  examples: [{ value: "106141411234567897", of: { en: "an example of GS1 US", zh: "GS1 美国的示例" } }],
  names: "thing",
};
