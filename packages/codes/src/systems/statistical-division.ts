import type { Part, Words } from "./coding-system.ts";
import { meaningIn, type Range } from "./ranges.ts";
import { type Refusal, refuseValue } from "./refusal.ts";
import { refuseRegion, regionPart } from "./region.ts";

const TOWN = 6;
const VILLAGE = 9;
const NONE = "000";

/** GB/T 10114: what the three digits of a town say. */
const TOWNS: readonly Range[] = [
  [0, { en: "no town", zh: "无乡级" }],
  [1, { en: "subdistrict", zh: "街道" }],
  [100, { en: "town", zh: "镇" }],
  [200, { en: "township", zh: "乡" }],
  [400, { en: "unit of government and enterprise in one", zh: "政企合一的单位" }],
  [600, undefined],
];

/** What the three digits of a village say. Registered ones are 001 to 399, units like them 400 to 599. */
const VILLAGES: readonly Range[] = [
  [0, { en: "no village", zh: "无村级" }],
  [1, { en: "residents' committee", zh: "居民委员会" }],
  [200, { en: "villagers' committee", zh: "村民委员会" }],
  [400, { en: "unit like a village or a residents' committee", zh: "类似村、居委会的单位" }],
  [600, undefined],
];

/** The parts of a division and a town, and of a village where twelve digits came; or why they are none. */
export function readStatistical(text: string): readonly Part[] | Refusal {
  const refusal = refuseRegion(text);
  if (refusal !== undefined) return refusal;
  const town = text.slice(TOWN, VILLAGE);
  const parts = [regionPart(text), partOf("town", { en: "Town", zh: "乡级" }, town, TOWNS)];
  if (text.length === VILLAGE) return parts;
  const village = text.slice(VILLAGE);
  if (town === NONE && village !== NONE) {
    return refuseValue("village", { expected: "000 where there is no town", got: village, at: VILLAGE });
  }
  const label = { en: "Village", zh: "村级" };
  const whole = { system: "statistical-division-9", value: text.slice(0, VILLAGE) };
  const [division, townPart] = parts as [Part, Part];
  return [division, { ...townPart, refersTo: whole }, partOf("village", label, village, VILLAGES)];
}

function partOf(name: string, label: Words, text: string, ranges: readonly Range[]): Part {
  const meaning = meaningIn(ranges, Number(text));
  return { name, label, text, ...(meaning === undefined ? {} : { meaning }) };
}
