import { isDigits } from "../ascii.ts";
import { CHARACTER_SET_82 } from "../gs1/character-sets.ts";
import { companyPart, keyStandard, PREFIX_DIGITS, prefixPart, readingOf } from "../gs1/key-parts.ts";
import { prefixOf } from "../gs1/prefix.ts";
import type { CodingSystem } from "./coding-system.ts";
import { refuseForm, refuseValue } from "./refusal.ts";

/** Fewest digits of a company prefix. GS1 General Specifications, 1.4.1. */
const COMPANY_DIGITS_MIN = 4;

/**
 * Number of an asset of its own: company prefix and a reference, up to 30 characters together, without a check digit. So
 * that not everything that begins with digits is taken for one, the GS1 prefix has to be allotted (our choice).
 */
export const giai: CodingSystem = {
  id: "giai",
  title: { en: "Global individual asset identifier (GIAI)", zh: "全球单个资产代码（GIAI）" },
  standards: [keyStandard("2.3.2"), { name: "GB/T 23832-2022", basis: "common-knowledge" }],
  form: {
    lengths: [COMPANY_DIGITS_MIN + 1, 30],
    characters: CHARACTER_SET_82,
    case: "keep",
    separators: " ",
  },
  parse: (text) => {
    if (!isDigits(text.slice(0, COMPANY_DIGITS_MIN))) {
      return refuseForm({ expected: `${COMPANY_DIGITS_MIN} digits at the beginning`, got: text, at: 0 });
    }
    const digits = text.slice(0, PREFIX_DIGITS);
    const { kind } = prefixOf(digits);
    if (kind !== "allotted" && kind !== "example" && kind !== "reserved") {
      return refuseValue("gs1-prefix", { expected: "a prefix for companies", got: digits, at: 0 });
    }
    return readingOf(text, "none", [
      prefixPart(text),
      companyPart(
        "company-asset",
        { en: "Company and asset", zh: "厂商和资产参考代码" },
        text.slice(PREFIX_DIGITS),
      ),
    ]);
  },
  examples: [{ value: "9521141123456AB-7", of: { en: "a made-up machine", zh: "虚构的机器" } }],
  names: "thing",
};
