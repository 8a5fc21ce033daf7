import { DIGITS, DIGITS_AND_CAPITALS } from "./characters.ts";
import type { CodingSystem } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseCheck, refuseForm } from "./refusal.ts";

const BODY = 18;
const MODULUS = 97;

/**
 * Legal entity identifier: four characters of who issued it, fourteen of the entity, and two check digits. ISO/IEC 7064
 * MOD 97-10: with letters as 10 to 35, the number leaves 1 when divided by 97.
 */
export const lei: CodingSystem = {
  id: "lei",
  title: { en: "Legal entity identifier (LEI)", zh: "全球法人识别编码（LEI）" },
  standards: [{ name: "ISO 17442-1:2020", basis: "public-source" }],
  form: { lengths: [20, 20], characters: DIGITS_AND_CAPITALS, case: "upper", separators: " -" },
  parse: (text) => {
    const body = text.slice(0, BODY);
    const got = text.slice(BODY);
    if (!DIGITS.includes(got.charAt(0)) || !DIGITS.includes(got.charAt(1)))
      return refuseForm({ field: "check", expected: "two digits", got, at: BODY });
    const check = leiCheckOf(body);
    if (got !== check) return refuseCheck({ expected: check, got, at: BODY, meant: body + check });
    return reading(text, "right", [
      partOf("issuer", "Issuing organisation", "发码机构", text.slice(0, 4)),
      partOf("entity", "Entity", "法人", text.slice(4, BODY)),
      partOf("check", "Check digits", "校验码", check),
    ]);
  },
  examples: [
    { value: "506700GE1G29325QX363", of: { en: "the Global LEI Foundation", zh: "全球法人识别编码基金会" } },
  ],
  names: "thing",
};

/** The two check digits of eighteen digits or capital letters. ISO/IEC 7064 MOD 97-10. */
export function leiCheckOf(body: string): string {
  let rest = 0;
  for (const character of body) {
    const value = DIGITS_AND_CAPITALS.indexOf(character);
    rest = (rest * (value < 10 ? 10 : 100) + value) % MODULUS;
  }
  return String(MODULUS + 1 - ((rest * 100) % MODULUS)).padStart(2, "0");
}
