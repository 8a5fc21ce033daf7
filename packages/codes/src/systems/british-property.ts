import { DIGITS } from "./characters.ts";
import type { CodingSystem, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm } from "./refusal.ts";

/** Property of Great Britain: a number of at most twelve digits, which says nothing of what it names. */
export const uprn: CodingSystem = numberSystem({
  id: "uprn",
  title: { en: "Unique property reference number (UPRN)", zh: "英国唯一房产参考号（UPRN）" },
  digits: 12,
  example: { value: "10023266361", of: { en: "a building in London", zh: "伦敦的一栋建筑" } },
});

/** Street of Great Britain: a number of at most eight digits. */
export const usrn: CodingSystem = numberSystem({
  id: "usrn",
  title: { en: "Unique street reference number (USRN)", zh: "英国唯一街道参考号（USRN）" },
  digits: 8,
  example: { value: "8400695", of: { en: "a street in London", zh: "伦敦的一条街道" } },
});

function numberSystem(parts: {
  readonly id: string;
  readonly title: Words;
  readonly digits: number;
  readonly example: CodingSystem["examples"][number];
}): CodingSystem {
  const { id, title, digits, example } = parts;
  return {
    ...{ id, title, standards: [{ name: "BS 7666:2006", basis: "common-knowledge" }] },
    form: { lengths: [1, digits], characters: DIGITS, case: "upper", separators: "" },
    parse: (text) => {
      if (text.startsWith("0"))
        return refuseForm({ expected: "a number without zeros in front", got: text, at: 0 });
      return reading(text, "none", [partOf("number", "Number", "编号", text)]);
    },
    examples: [example],
    names: "thing",
  };
}
