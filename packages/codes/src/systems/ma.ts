import { parseCode, partsOf } from "../ma/code.ts";
import { CODE_CHARACTERS_MAX } from "../ma/limits.ts";
import { checkMedical } from "../ma/medical.ts";
import { DIGITS_AND_CAPITALS } from "./characters.ts";
import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { refuseForm } from "./refusal.ts";

const CHARACTERS = `${DIGITS_AND_CAPITALS}abcdefghijklmnopqrstuvwxyz-_./`;
const AGENCY = "MA.";

const LABELS: Readonly<Record<"root" | "object" | "custom", Words>> = {
  root: { en: "User: country, region or industry, unit", zh: "用户：国家、地区或行业、单位" },
  object: { en: "Object: use, category, model", zh: "对象：用途、品类、型号" },
  custom: { en: "Given by the unit", zh: "单位自定义" },
};

/**
 * The uniform codes themselves. Only those of medical devices have a check digit, which is a hint and no ground to refuse
 * one: where it agrees, that is said.
 */
export const ma: CodingSystem = {
  id: "ma",
  title: { en: "MA identification code", zh: "MA 标识码" },
  standards: [{ name: "ISO/IEC 15459", clause: "agency code MA", basis: "public-source" }],
  form: {
    lengths: [6, CODE_CHARACTERS_MAX],
    characters: CHARACTERS,
    needs: "M.",
    case: "keep",
    separators: "",
  },
  parse: (text) => {
    if (!text.startsWith(AGENCY))
      return refuseForm({ expected: `${AGENCY} at the beginning`, got: text, at: 0 });
    const read = parseCode(text);
    if (!read.ok) return { ok: false, fault: { ...read.fault, kind: "form" } };
    const code = read.value;
    const nodes = partsOf(code);
    const parts: Part[] = [];
    for (const name of ["root", "object", "custom"] as const) {
      if (nodes[name].length > 0) parts.push({ name, label: LABELS[name], text: nodes[name].join(".") });
    }
    const check = checkMedical(code).di?.verdict === "right" ? "right" : "none";
    return { ok: true, value: { canonical: code, check, parts } };
  },
  examples: [
    { value: "MA.156.1301", of: { en: "the city of Shijiazhuang", zh: "石家庄市" } },
    { value: "MA.156.1301.02/60.10000000.1/000123", of: { en: "a street lamp", zh: "一盏路灯" } },
  ],
  names: "thing",
};
