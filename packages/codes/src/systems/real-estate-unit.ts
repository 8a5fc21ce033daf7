import { DIGITS } from "./characters.ts";
import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { type Refusal, refuseForm, refuseValue } from "./refusal.ts";
import { refuseRegion, regionPart } from "./region.ts";

/** Where the parts begin; they end where the next begins. */
const ZONE = 6;
const SUBZONE = 9;
const OWNERSHIP = 12;
const USE = 13;
const PARCEL = 14;
const FIXTURE = 19;
const UNIT = 20;
const END = 28;
/** Where the unit of a building begins, after the number of the building. */
const ROOM = 24;

/** Who owns the land, by the first character of the parcel feature. */
const OWNERSHIPS: Readonly<Record<string, Words>> = {
  G: { en: "owned by the State", zh: "国家所有" },
  J: { en: "owned by a collective", zh: "集体所有" },
  Z: { en: "ownership not settled or disputed", zh: "所有权未确定或有争议" },
};

/** By what right it is used, by the second character of the parcel feature. */
const USES: Readonly<Record<string, Words>> = {
  A: { en: "ownership of collective land", zh: "集体土地所有权宗地" },
  B: { en: "building land, surface", zh: "建设用地使用权宗地（地表）" },
  S: { en: "building land, above the surface", zh: "建设用地使用权宗地（地上）" },
  X: { en: "building land, below the surface", zh: "建设用地使用权宗地（地下）" },
  C: { en: "homestead", zh: "宅基地使用权宗地" },
  D: { en: "contracted land, arable", zh: "土地承包经营权宗地（耕地）" },
  E: { en: "contracted land, forest", zh: "土地承包经营权宗地（林地）" },
  F: { en: "contracted land, grass", zh: "土地承包经营权宗地（草地）" },
  H: { en: "sea area", zh: "海域使用权宗海" },
  G: { en: "island without inhabitants", zh: "无居民海岛使用权海岛" },
  W: { en: "right of use not settled or disputed", zh: "使用权未确定或有争议的土地、海域、海岛" },
  Y: { en: "other right of use", zh: "其他使用权土地、海域、海岛" },
};

/** What stands on it. */
const FIXTURES: Readonly<Record<string, Words>> = {
  F: { en: "building or structure", zh: "房屋等建筑物、构筑物" },
  L: { en: "forest or trees", zh: "森林或林木" },
  Q: { en: "other fixture", zh: "其他类型的定着物" },
  W: { en: "nothing", zh: "无定着物" },
};
const BARE = "W00000000";

/**
 * Real-estate unit number of 28 characters: division 6, cadastral zone 3, subzone 3, parcel feature 2, parcel serial 5,
 * fixture feature 1, fixture unit 8; of a building the unit is its number and a number within it, four digits each.
 * W00000000 is land without fixtures. Features beyond those in public sources are refused.
 */
export const realEstateUnit: CodingSystem = {
  id: "real-estate-unit",
  title: { en: "Real-estate unit number", zh: "不动产单元代码" },
  standards: [{ name: "GB/T 37346-2019", clause: "8", basis: "public-source" }],
  form: { lengths: [END, END], characters: `${DIGITS}ABCDEFGHJLQSWXYZ`, case: "upper", separators: " -" },
  parse: (text) => {
    const refusal = refuseDigits(text) ?? refuseRegion(text) ?? refuseFeatures(text);
    if (refusal !== undefined) return refusal;
    return { ok: true, value: { canonical: text, check: "none", parts: partsOf(text) } };
  },
  examples: [
    {
      value: "320505400202GB00001F00010069",
      of: {
        en: "a flat in Suzhou, in the tests of a public registration program",
        zh: "苏州的一套房屋（公开的登记软件测试数据）",
      },
    },
    {
      value: "440106001001GB00001F00010001",
      of: {
        en: "a flat in Guangzhou, in the tests of a public program",
        zh: "广州的一套房屋（公开软件的测试数据）",
      },
    },
  ],
  names: "thing",
};

const NUMBERS = [
  { name: "cadastral-zone", from: ZONE, until: SUBZONE },
  { name: "cadastral-subzone", from: SUBZONE, until: OWNERSHIP },
  { name: "parcel", from: PARCEL, until: FIXTURE },
  { name: "unit", from: UNIT, until: END },
] as const;

function refuseDigits(text: string): Refusal | undefined {
  for (const { name, from, until } of NUMBERS) {
    for (let at = from; at < until; at++) {
      const got = text.charAt(at);
      if (!DIGITS.includes(got)) return refuseForm({ field: name, expected: "a digit", got, at });
    }
  }
  return undefined;
}

function refuseFeatures(text: string): Refusal | undefined {
  const ownership = text.charAt(OWNERSHIP);
  const use = text.charAt(USE);
  return (
    refuseUnknown("ownership", OWNERSHIPS, ownership, OWNERSHIP) ??
    refuseUnknown("use", USES, use, USE) ??
    (use === "A" && ownership !== "J"
      ? refuseValue("ownership", {
          expected: "J before A, land of a collective",
          got: ownership,
          at: OWNERSHIP,
        })
      : undefined) ??
    refuseUnknown("fixture", FIXTURES, text.charAt(FIXTURE), FIXTURE) ??
    (text.charAt(FIXTURE) === "W" && text.slice(FIXTURE) !== BARE
      ? refuseValue("unit", { expected: "00000000 after W, bare land", got: text.slice(UNIT), at: UNIT })
      : undefined)
  );
}

function refuseUnknown(
  field: string,
  known: Readonly<Record<string, Words>>,
  got: string,
  at: number,
): Refusal | undefined {
  if (known[got] !== undefined) return undefined;
  return refuseValue(field, { expected: `one of ${Object.keys(known).join("")}`, got, at });
}

function partsOf(text: string): readonly Part[] {
  const fixture = text.charAt(FIXTURE);
  const parts: Part[] = [
    regionPart(text),
    part("cadastral-zone", { en: "Cadastral zone", zh: "地籍区" }, text.slice(ZONE, SUBZONE)),
    part("cadastral-subzone", { en: "Cadastral subzone", zh: "地籍子区" }, text.slice(SUBZONE, OWNERSHIP)),
    part("ownership", { en: "Ownership", zh: "宗地（宗海）所有权" }, text.charAt(OWNERSHIP), OWNERSHIPS),
    part("use", { en: "Right of use", zh: "宗地（宗海）使用权" }, text.charAt(USE), USES),
    part("parcel", { en: "Parcel serial", zh: "宗地（宗海）顺序号" }, text.slice(PARCEL, FIXTURE)),
    part("fixture", { en: "Fixture", zh: "定着物特征" }, fixture, FIXTURES),
    part("unit", { en: "Fixture unit", zh: "定着物单元号" }, text.slice(UNIT)),
  ];
  if (fixture !== "F") return parts;
  return [
    ...parts,
    part("building", { en: "Building", zh: "幢号" }, text.slice(UNIT, ROOM)),
    part("room", { en: "Unit in the building", zh: "户号" }, text.slice(ROOM)),
  ];
}

function part(name: string, label: Words, text: string, known?: Readonly<Record<string, Words>>): Part {
  const meaning = known?.[text];
  return { name, label, text, ...(meaning === undefined ? {} : { meaning }) };
}
