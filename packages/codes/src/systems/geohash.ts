import { areaWords } from "./area.ts";
import type { CodingSystem } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";

const CHARACTERS = "0123456789bcdefghjkmnpqrstuvwxyz";
const BITS = 5;

/** Geohash: each character halves the world five times, the first time its longitude, then its latitude, and so on. */
export const geohash: CodingSystem = {
  id: "geohash",
  title: { en: "Geohash", zh: "Geohash" },
  standards: [{ name: "Niemeyer 2008, as in public implementations", basis: "common-knowledge" }],
  form: { lengths: [1, 12], characters: CHARACTERS, case: "lower", separators: "" },
  parse: (text) => {
    let [latitude, longitude] = [0, 0];
    let bits = 0;
    for (const character of text) {
      const value = CHARACTERS.indexOf(character);
      for (let mask = 1 << (BITS - 1); mask > 0; mask >>= 1) {
        const bit = (value & mask) === 0 ? 0 : 1;
        if (bits++ % 2 === 0) longitude = longitude * 2 + bit;
        else latitude = latitude * 2 + bit;
      }
    }
    const meaning = areaWords(
      { low: latitude, high: latitude + 1, of: 2 ** Math.floor(bits / 2) },
      { low: longitude, high: longitude + 1, of: 2 ** Math.ceil(bits / 2) },
    );
    return reading(text, "none", [partOf("area", "Area", "区域", text, meaning)]);
  },
  examples: [{ value: "wwc2m", of: { en: "a part of Shijiazhuang", zh: "石家庄的一处区域" } }],
  names: "thing",
};
