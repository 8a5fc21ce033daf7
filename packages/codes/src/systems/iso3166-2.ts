import { countryOfAlpha2 } from "../country.ts";
import { DIGITS_AND_CAPITALS } from "./characters.ts";
import type { CodingSystem, Part } from "./coding-system.ts";
import { wordsOf } from "./iso3166-1.ts";
import { partOf, reading } from "./part.ts";
import { PROVINCES } from "./provinces.ts";
import { refuseForm, refuseValue } from "./refusal.ts";

/** Letters of the provinces of China and the first two digits of their division codes. ISO 3166-2:CN since 2017, GB/T 2260. */
const CHINA: ReadonlyMap<string, string> = new Map(
  (
    "BJ11 TJ12 HE13 SX14 NM15 LN21 JL22 HL23 SH31 JS32 ZJ33 AH34 FJ35 JX36 SD37 HA41 HB42 HN43 GD44 GX45 HI46 " +
    "CQ50 SC51 GZ52 YN53 XZ54 SN61 GS62 QH63 NX64 XJ65 TW71 HK81 MO82"
  )
    .split(" ")
    .map((row): [string, string] => [row.slice(0, 2), row.slice(2)]),
);

/**
 * A part of a country: its two letters, a hyphen, and one to three digits or letters that the country lays down. Which ones
 * are assigned is known here for China alone.
 */
export const iso3166Part2: CodingSystem = {
  id: "iso3166-2",
  title: { en: "Code of a part of a country", zh: "国家行政分区代码" },
  standards: [{ name: "ISO 3166-2:2020", basis: "common-knowledge" }],
  form: { lengths: [4, 6], characters: `${DIGITS_AND_CAPITALS}-`, needs: "-", case: "upper", separators: "" },
  parse: (text) => {
    const country = countryOfAlpha2(text.slice(0, 2));
    const part = text.slice(3);
    if (text.charAt(2) !== "-" || part.includes("-")) {
      const expected = "two letters, a hyphen, one to three letters or digits";
      return refuseForm({ expected, got: text, at: 2 });
    }
    if (country === undefined)
      return refuseValue("country", {
        expected: "two letters that are assigned",
        got: text.slice(0, 2),
        at: 0,
      });
    const division = country.alpha2 === "CN" ? CHINA.get(part) : undefined;
    if (country.alpha2 === "CN" && division === undefined)
      return refuseValue("subdivision", { expected: "letters of a province of China", got: part, at: 3 });
    const parts = [
      partOf("country", "Country", "国家或地区", country.alpha2, wordsOf(country)),
      subdivisionPart(part, division),
    ];
    return reading(text, "none", parts);
  },
  examples: [{ value: "CN-HE", of: { en: "Hebei", zh: "河北省" } }],
  names: "thing",
};

function subdivisionPart(text: string, division: string | undefined): Part {
  const part = partOf("subdivision", "Part of the country", "行政分区", text);
  const province = division === undefined ? undefined : PROVINCES.get(division);
  if (province === undefined) return part;
  return { ...part, meaning: wordsOf(province), refersTo: { system: "gbt2260", value: `${division}0000` } };
}
