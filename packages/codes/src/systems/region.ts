import {
  DIVISION_DIGITS,
  type Division,
  type DivisionLevel,
  divisionLevel,
  parseDivision,
} from "../division.ts";
import type { Part, Words } from "./coding-system.ts";
import { PROVINCES } from "./provinces.ts";
import { type Refusal, refuseValue } from "./refusal.ts";

/** What the levels of a division are called. */
export const LEVEL_NAMES: { readonly [level in DivisionLevel]: Words } = {
  province: { en: "province level", zh: "省级" },
  prefecture: { en: "prefecture level", zh: "地级" },
  county: { en: "county level", zh: "县级" },
};

/** The refusal of the six digits at the beginning of a text where they can be no division, or undefined. */
export function refuseRegion(text: string): Refusal | undefined {
  const division = text.slice(0, DIVISION_DIGITS);
  const read = parseDivision(division);
  if (!read.ok) return refuseValue("division", { expected: read.fault.expected, got: division, at: 0 });
  if (PROVINCES.has(division.slice(0, 2))) return undefined;
  const expected = "the two digits of a province, 11 to 15, 21 to 23, ... 81, 82";
  return refuseValue("division", { expected, got: division, at: 0 });
}

/** The part that a division at the beginning of a text is; {@link refuseRegion} has let it pass. */
export function regionPart(text: string): Part {
  const division = text.slice(0, DIVISION_DIGITS) as Division;
  const province = PROVINCES.get(division.slice(0, 2))!;
  const level = LEVEL_NAMES[divisionLevel(division)];
  return {
    name: "division",
    label: { en: "Division", zh: "行政区划" },
    text: division,
    meaning: { en: `${province.en}, ${level.en}`, zh: `${province.zh}，${level.zh}` },
    refersTo: { system: "gbt2260", value: division },
  };
}
