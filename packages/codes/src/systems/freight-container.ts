import { CAPITALS, DIGITS_AND_CAPITALS } from "./characters.ts";
import type { CodingSystem, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseCheck, refuseForm, refuseValue } from "./refusal.ts";

const FORM = /^[A-Z]{4}[0-9]{7}$/;
const CHECK_AT = 10;
const MODULUS = 11;

const CATEGORIES: ReadonlyMap<string, Words> = new Map([
  ["U", { en: "freight container", zh: "集装箱" }],
  ["J", { en: "equipment that belongs to a container", zh: "集装箱附属设备" }],
  ["Z", { en: "trailer or chassis", zh: "拖车或底盘" }],
]);

/**
 * Number of a freight container: three letters of its owner, one of its kind, six digits, and a check digit. Letters count 10
 * to 38 without 11, 22 and 33, each place twice the one before it; the sum modulo 11, 0 for 10.
 */
export const freightContainer: CodingSystem = {
  id: "freight-container",
  title: { en: "Freight container number (BIC code)", zh: "集装箱箱号（BIC代码）" },
  standards: [
    { name: "ISO 6346:2022", basis: "public-source" },
    { name: "GB/T 1836-2017", basis: "common-knowledge" },
  ],
  form: { lengths: [11, 11], characters: DIGITS_AND_CAPITALS, case: "upper", separators: " -" },
  parse: (text) => {
    if (!FORM.test(text)) return refuseForm({ expected: "four letters and seven digits", got: text });
    const category = text.charAt(3);
    const kind = CATEGORIES.get(category);
    if (kind === undefined) return refuseValue("category", { expected: "U, J or Z", got: category, at: 3 });
    const check = containerCheckOf(text.slice(0, CHECK_AT));
    const got = text.charAt(CHECK_AT);
    if (got !== check)
      return refuseCheck({ expected: check, got, at: CHECK_AT, meant: text.slice(0, CHECK_AT) + check });
    return reading(text, "right", [
      partOf("owner", "Owner", "箱主", text.slice(0, 3)),
      partOf("category", "Kind of equipment", "设备类别", category, kind),
      partOf("serial", "Serial number", "序列号", text.slice(4, CHECK_AT)),
      partOf("check", "Check digit", "校验码", check),
    ]);
  },
  examples: [{ value: "CSQU3054383", of: { en: "the example of the standard", zh: "标准中的示例" } }],
  names: "thing",
};

/** The check digit of four letters and six digits. ISO 6346 annex A. */
export function containerCheckOf(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at++) sum += valueOfCharacter(body.charAt(at)) * 2 ** at;
  return String((sum % MODULUS) % 10);
}

/** A counts 10, and multiples of 11 are left out. */
function valueOfCharacter(character: string): number {
  const at = CAPITALS.indexOf(character);
  return at < 0 ? Number(character) : 10 + at + Math.floor((at + 9) / 10);
}
