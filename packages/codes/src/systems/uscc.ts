import { parseDivision } from "../division.ts";
import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { organisationCheckOf } from "./organisation-code.ts";
import { refuseCheck, refuseValue } from "./refusal.ts";

/** The 31 characters of a social credit code, each worth its index: digits, and letters but I, O, S, V, Z. */
const CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/** What is to be known of an organisation code that fails its own check. */
const DISAGREES: Words = {
  en: "its own check character does not agree; some in use are so, else a character is wrong",
  zh: "其自身校验码不符；在用代码中有此类情况，否则有字符写错",
};
const MODULUS = 31;
const BODY = 17;

/** Who registers, by the first character. GB 32100-2015, table 1. */
const AUTHORITIES: Readonly<Record<string, Words>> = {
  "1": { en: "institutional establishment authority", zh: "机构编制" },
  "2": { en: "foreign affairs", zh: "外交" },
  "3": { en: "judicial administration", zh: "司法行政" },
  "4": { en: "culture", zh: "文化" },
  "5": { en: "civil affairs", zh: "民政" },
  "6": { en: "tourism", zh: "旅游" },
  "7": { en: "religious affairs", zh: "宗教" },
  "8": { en: "trade unions", zh: "工会" },
  "9": { en: "industry and commerce (market regulation)", zh: "工商（市场监管）" },
  A: {
    en: "reform and establishment office of the Central Military Commission",
    zh: "中央军委改革和编制办公室",
  },
  N: { en: "agriculture", zh: "农业" },
  Y: { en: "other", zh: "其他" },
};

/**
 * Unified social credit code of organisations in China: authority, kind, division of registration, organisation code of
 * nine characters, check character. The check value is 31 minus the sum of values times 3^i modulo 31, 0 for 31.
 */
export const uscc: CodingSystem = {
  id: "uscc",
  title: { en: "Unified social credit code", zh: "统一社会信用代码" },
  standards: [{ name: "GB 32100-2015", clause: "4 and annex A", basis: "public-source" }],
  form: { lengths: [18, 18], characters: CHARACTERS, case: "upper", separators: " -" },
  parse: (text) => {
    const authority = AUTHORITIES[text.charAt(0)];
    if (authority === undefined) {
      const expected = `one of ${Object.keys(AUTHORITIES).join("")}`;
      return refuseValue("authority", { expected, got: text.charAt(0), at: 0 });
    }
    const division = text.slice(2, 8);
    const read = parseDivision(division);
    if (!read.ok) {
      return refuseValue("division", { expected: read.fault.expected, got: division, at: 2 });
    }
    const check = checkOf(text);
    const organisation = text.slice(8, BODY);
    const agrees = organisationCheckOf(organisation.slice(0, 8)) === organisation.charAt(8);
    if (text.charAt(BODY) !== check) {
      // Where neither agrees, it is a character of the organisation code that is wrong, and nobody knows which.
      const meant = agrees ? text.slice(0, BODY) + check : undefined;
      return refuseCheck({ expected: check, got: text.charAt(BODY), at: BODY, meant });
    }
    const parts: Part[] = [
      {
        name: "authority",
        label: { en: "Authority", zh: "登记管理部门" },
        text: text.charAt(0),
        meaning: authority,
      },
      { name: "kind", label: { en: "Kind of organisation", zh: "机构类别" }, text: text.charAt(1) },
      {
        name: "division",
        label: { en: "Division of registration", zh: "登记管理机关行政区划" },
        text: division,
        refersTo: { system: "gbt2260", value: division },
      },
      {
        name: "organisation",
        label: { en: "Organisation code", zh: "主体标识码（组织机构代码）" },
        text: organisation,
        // Some codes in use carry an organisation code whose own check character is wrong.
        ...(agrees
          ? { refersTo: { system: "organisation-code", value: organisation } }
          : { meaning: DISAGREES }),
      },
      { name: "check", label: { en: "Check character", zh: "校验码" }, text: check },
    ];
    return { ok: true, value: { canonical: text, check: "right", parts } };
  },
  examples: [
    { value: "91350100M000100Y43", of: { en: "the example of the standard", zh: "标准中的示例" } },
    { value: "91110108551385082Q", of: { en: "a company in Beijing", zh: "北京的一家公司" } },
  ],
  names: "thing",
};

/** The check character of the first 17 characters. GB 32100-2015, annex A. */
function checkOf(text: string): string {
  let sum = 0;
  let weight = 1;
  for (let at = 0; at < BODY; at++) {
    sum += CHARACTERS.indexOf(text.charAt(at)) * weight;
    weight = (weight * 3) % MODULUS;
  }
  return CHARACTERS.charAt((MODULUS - (sum % MODULUS)) % MODULUS);
}
