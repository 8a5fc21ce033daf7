import { isDigits } from "../ascii.ts";
import { CHARACTER_SET_82 } from "../gs1/character-sets.ts";
import {
  checkDigitPart,
  companyPart,
  keyStandard,
  prefixPart,
  readingOf,
  refuseWrongCheckDigit,
} from "../gs1/key-parts.ts";
import type { CodingSystem, Part } from "./coding-system.ts";
import { refuseForm } from "./refusal.ts";

const TYPE_CHARACTERS = 14;
const SERIAL_CHARACTERS_MAX = 16;

/**
 * Number of a returnable asset, such as a pallet or a crate: a zero, company prefix and kind of asset, check digit, and
 * a serial of up to 16 characters or none. Canonical here: with the zero, as under application identifier 8003.
 */
export const grai: CodingSystem = {
  id: "grai",
  title: { en: "Global returnable asset identifier (GRAI)", zh: "全球可回收资产代码（GRAI）" },
  standards: [keyStandard("2.3.1"), { name: "GB/T 23833-2022", basis: "common-knowledge" }],
  form: {
    lengths: [TYPE_CHARACTERS, TYPE_CHARACTERS + SERIAL_CHARACTERS_MAX],
    characters: CHARACTER_SET_82,
    case: "keep",
    separators: " ",
  },
  parse: (text) => {
    const digits = text.slice(0, TYPE_CHARACTERS);
    if (!isDigits(digits) || !digits.startsWith("0")) {
      return refuseForm({ expected: "0 and 13 digits at the beginning", got: text, at: 0 });
    }
    const serial = text.slice(TYPE_CHARACTERS);
    const wrong = refuseWrongCheckDigit(digits, serial);
    if (wrong !== undefined) return wrong;
    const parts: Part[] = [
      prefixPart(digits.slice(1)),
      companyPart(
        "company-type",
        { en: "Company and asset type", zh: "厂商和资产类型" },
        digits.slice(4, 13),
      ),
      checkDigitPart(digits.charAt(13)),
    ];
    if (serial !== "") parts.push({ name: "serial", label: { en: "Serial", zh: "序列号" }, text: serial });
    return readingOf(text, "right", parts);
  },
  examples: [{ value: "09521141111116", of: { en: "a made-up kind of crate", zh: "虚构的周转箱类型" } }],
  names: "thing",
};
