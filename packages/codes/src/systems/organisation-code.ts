import { DIGITS_AND_CAPITALS } from "./characters.ts";
import type { CodingSystem } from "./coding-system.ts";
import { refuseCheck, refuseForm } from "./refusal.ts";

const WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const BODY = WEIGHTS.length;
const MODULUS = 11;

/**
 * Organisation code, since 2015 a part of the unified social credit code: eight digits or capital letters and a check
 * character, written with a hyphen before it. Canonical here: without it. The check value is 11 minus the weighted sum
 * modulo 11; X for 10, 0 for 11.
 */
export const organisationCode: CodingSystem = {
  id: "organisation-code",
  title: { en: "Organisation code", zh: "组织机构代码" },
  standards: [{ name: "GB 11714-1997", basis: "public-source" }],
  form: { lengths: [9, 9], characters: DIGITS_AND_CAPITALS, case: "upper", separators: " -" },
  parse: (text) => {
    const body = text.slice(0, BODY);
    const got = text.charAt(BODY);
    if (!"0123456789X".includes(got)) {
      return refuseForm({ field: "check", expected: "a digit or X", got, at: BODY });
    }
    const check = organisationCheckOf(body);
    if (got !== check) return refuseCheck({ expected: check, got, at: BODY, meant: body + check });
    const parts = [
      { name: "body", label: { en: "Body", zh: "本体代码" }, text: body },
      { name: "check", label: { en: "Check character", zh: "校验码" }, text: check },
    ];
    return { ok: true, value: { canonical: text, check: "right", parts } };
  },
  examples: [{ value: "551385082", of: { en: "a company in Beijing", zh: "北京的一家公司" } }],
  names: "thing",
};

/** The check character of eight digits or capital letters. GB 11714-1997. */
export function organisationCheckOf(body: string): string {
  let sum = 0;
  for (const [at, weight] of WEIGHTS.entries()) sum += weight * DIGITS_AND_CAPITALS.indexOf(body.charAt(at));
  const value = (MODULUS - (sum % MODULUS)) % MODULUS;
  return value === 10 ? "X" : String(value);
}
