import { areaWords } from "./area.ts";
import type { CodingSystem } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm, refuseValue } from "./refusal.ts";

const CHARACTERS = "23456789CFGHJMPQRVWX";
const PAIRS_END = 8;
/** A full code: eight characters, of which an even number at the end may be zeros, a plus, and two to seven more. */
const FULL = /^(?:(?:[2-9CFGHJMP-RVWX]{2}){1,3}0+\+|[2-9CFGHJMP-RVWX]{8}\+(?:[2-9CFGHJMP-RVWX]{2,7})?)$/;
const EXPECTED = "a full plus code: eight characters, a plus, and none or two to seven more";
/** Columns and rows of the cells that each character beyond the tenth divides an area into. */
const [COLUMNS, ROWS] = [4, 5];
/** Highest first character of a latitude and of a longitude: 180 and 360 degrees by 20. */
const [LATITUDE_FIRST_MAX, LONGITUDE_FIRST_MAX] = [8, 17];

/** Plus code of a place, in full: short codes, which need a town beside them, name no place by themselves. */
export const plusCode: CodingSystem = {
  id: "plus-code",
  title: { en: "Plus code", zh: "Plus Code（开放位置编码）" },
  standards: [{ name: "Open Location Code specification", basis: "public-source" }],
  form: { lengths: [9, 16], characters: `${CHARACTERS}0+`, needs: "+", case: "upper", separators: " " },
  parse: (text) => {
    if (!FULL.test(text) || text.indexOf("+") !== PAIRS_END)
      return refuseForm({ expected: EXPECTED, got: text });
    const digits = text.replace(/[0+]/g, "");
    if (CHARACTERS.indexOf(digits.charAt(0)) > LATITUDE_FIRST_MAX)
      return refuseValue("latitude", { expected: "2 to C at the beginning", got: digits.charAt(0), at: 0 });
    if (CHARACTERS.indexOf(digits.charAt(1)) > LONGITUDE_FIRST_MAX)
      return refuseValue("longitude", {
        expected: "2 to V in the second place",
        got: digits.charAt(1),
        at: 1,
      });
    return reading(text, "none", [partOf("area", "Area", "区域", text, areaOf(digits))]);
  },
  examples: [{ value: "8PCP2GV7+4X", of: { en: "a place in Shijiazhuang", zh: "石家庄的一处地点" } }],
  names: "thing",
};

/** Pairs divide by twenty, the first by 20 degrees; what follows the fifth pair by five rows and four columns. */
function areaOf(digits: string): ReturnType<typeof areaWords> {
  let [latitude, longitude] = [0, 0];
  let [rows, columns] = [9, 18];
  for (let at = 0; at < Math.min(digits.length, 10); at += 2) {
    const size = at === 0 ? 1 : 20;
    latitude = latitude * size + CHARACTERS.indexOf(digits.charAt(at));
    longitude = longitude * size + CHARACTERS.indexOf(digits.charAt(at + 1));
    rows *= size;
    columns *= size;
  }
  for (const character of digits.slice(10)) {
    const value = CHARACTERS.indexOf(character);
    latitude = latitude * ROWS + Math.floor(value / COLUMNS);
    longitude = longitude * COLUMNS + (value % COLUMNS);
    rows *= ROWS;
    columns *= COLUMNS;
  }
  return areaWords(
    { low: latitude, high: latitude + 1, of: rows },
    { low: longitude, high: longitude + 1, of: columns },
  );
}
