import { type Division, divisionLevel, divisionParent } from "../division.ts";
import { DIGITS } from "./characters.ts";
import type { CodingSystem, Part, Reading } from "./coding-system.ts";
import { PROVINCES } from "./provinces.ts";
import { meaningIn, type Range } from "./ranges.ts";
import { LEVEL_NAMES, refuseRegion } from "./region.ts";

/** Stands for the State as a whole where bodies of the central government register. Not in GB/T 2260 itself. */
const STATE = "100000";

/** GB/T 2260-2007, the second two digits. 01 and 02 also gather what lies directly under a municipality. */
const PREFECTURES: readonly Range[] = [
  [1, { en: "city", zh: "地级市（直辖市为市辖区、县汇总码）" }],
  [21, { en: "prefecture, autonomous prefecture or league", zh: "地区、自治州、盟" }],
  [51, { en: "city", zh: "地级市" }],
  [71, undefined],
  [90, { en: "counties directly under the province", zh: "省（自治区）直辖县级行政区划汇总码" }],
  [91, undefined],
];

/** GB/T 2260-2007, the last two digits. */
const COUNTIES: readonly Range[] = [
  [
    1,
    { en: "district, or city at county level in a prefecture", zh: "市辖区，或地区（自治州、盟）辖县级市" },
  ],
  [21, { en: "county or banner", zh: "县、旗" }],
  [81, { en: "city at county level", zh: "县级市" }],
];

/**
 * Division code: two digits each for province, prefecture and county, where 00 stands for none. Whether a division was
 * ever in use, and when, only a table tells; here a province that there never was is refused.
 */
export const gbt2260: CodingSystem = {
  id: "gbt2260",
  title: { en: "Administrative division code", zh: "行政区划代码" },
  standards: [{ name: "GB/T 2260-2007", basis: "public-source" }],
  form: { lengths: [6, 6], characters: DIGITS, case: "upper", separators: " " },
  parse: (text) => {
    if (text === STATE) return { ok: true, value: readState() };
    const refusal = refuseRegion(text);
    if (refusal !== undefined) return refusal;
    const division = text as Division;
    return { ok: true, value: { canonical: division, check: "none", parts: partsOf(division) } };
  },
  examples: [
    { value: "130100", of: { en: "Shijiazhuang", zh: "石家庄市" } },
    { value: "110101", of: { en: "Dongcheng district of Beijing", zh: "北京市东城区" } },
    { value: "460000", of: { en: "Hainan", zh: "海南省" } },
  ],
  names: "thing",
};

function readState(): Reading {
  const label = { en: "Level", zh: "级别" };
  const meaning = { en: "the State as a whole", zh: "国家级" };
  return { canonical: STATE, check: "none", parts: [{ name: "level", label, text: STATE, meaning }] };
}

function partsOf(division: Division): readonly Part[] {
  const level = divisionLevel(division);
  const { en, zh } = PROVINCES.get(division.slice(0, 2))!;
  const parts: Part[] = [
    { name: "level", label: { en: "Level", zh: "级别" }, text: division, meaning: LEVEL_NAMES[level] },
    {
      name: "province",
      label: { en: "Province", zh: "省级" },
      text: division.slice(0, 2),
      meaning: { en, zh },
      ...(level === "province" ? {} : refersTo(`${division.slice(0, 2)}0000`)),
    },
  ];
  if (level === "province") return parts;
  const prefecture = division.slice(2, 4);
  const parent = level === "county" ? divisionParent(division) : undefined;
  parts.push({
    name: "prefecture",
    label: { en: "Prefecture", zh: "地级" },
    text: prefecture,
    ...meaningOf(PREFECTURES, prefecture),
    ...(parent === undefined || prefecture === "00" ? {} : refersTo(parent)),
  });
  if (level === "prefecture") return parts;
  const county = division.slice(4);
  const label = { en: "County", zh: "县级" };
  parts.push({ name: "county", label, text: county, ...meaningOf(COUNTIES, county) });
  return parts;
}

function refersTo(value: string): Pick<Part, "refersTo"> {
  return { refersTo: { system: "gbt2260", value } };
}

function meaningOf(ranges: readonly Range[], digits: string): Pick<Part, "meaning"> {
  const meaning = meaningIn(ranges, Number(digits));
  return meaning === undefined ? {} : { meaning };
}
