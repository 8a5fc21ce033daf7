import { readFileSync } from "node:fs";
import { seededRandom } from "../../../test/seeded-random.testing.ts";
import type { TwoLists } from "./noisy-list.testing.ts";
import { berlinStops } from "./noisy-list.testing.ts";
import type { Row } from "./row.ts";

const COMMITTEES = new URL("../../../data/shijiazhuang-committees.csv", import.meta.url);
const KINDS = [
  ["路灯", "照明灯杆"],
  ["消火栓", "消防栓"],
  ["井盖", "检查井盖"],
  ["公交站", "公交车站"],
] as const;

/** Microdegrees of a city of 40 by 40 km, and how far the other list has things elsewhere. */
const CITY = { latitude: 37_900_000, longitude: 114_300_000, size: 400_000, shift: 500 };

/**
 * Two lists of a city's assets, half of them named in Chinese and half in German, from a seed: kind, place and number, as lists of
 * lamps, hydrants and covers have them. The second has other codes, other words for the kinds, places up to 50 m off, a
 * tenth missing and as many more; a fifth of it knows the first one's code.
 */
export function assetLists(size: number, seed: number): TwoLists {
  const random = seededRandom(seed);
  const committees = readFileSync(COMMITTEES, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
  const streets = berlinStops("stop").map(({ names }) => names[0]!.text.replace(" (Berlin)", ""));
  const things = Array.from({ length: size + Math.floor(size / 10) }, (_, at) => {
    const number = 1 + random.below(400);
    const kind = random.pick(KINDS);
    const point = {
      latitude: CITY.latitude + random.below(CITY.size),
      longitude: CITY.longitude + random.below(CITY.size),
    };
    if (at % 2 === 0) {
      const [, committee = "", , street = "", , county = ""] = random.pick(committees);
      const names = [
        `${street}${committee}${kind[0]}${number}号`,
        `${committee}第${number}号${kind[1]}`,
      ] as const;
      return { names, point, place: county };
    }
    const street = random.pick(streets);
    const names = [
      `${street} ${number}, Leuchte`,
      `Leuchte ${number} ${street.replace("str.", "straße")}`,
    ] as const;
    return { names, point, place: "" };
  });
  const rowOf = (list: 0 | 1, at: number, code: Row["code"]): Omit<Row, "number"> => {
    const { names, point, place } = things[at]!;
    const off = (value: number): number =>
      value + (list === 0 ? 0 : random.below(2 * CITY.shift) - CITY.shift);
    return {
      code,
      codes: [],
      names: [{ language: "", text: names[list] }],
      place,
      point: { latitude: off(point.latitude), longitude: off(point.longitude) },
    };
  };
  const own = (at: number): Row["code"] => ({ system: "lamps", value: `L${String(at).padStart(7, "0")}` });
  const left = things.slice(0, size).map((_, at): Row => ({ ...rowOf(0, at, own(at)), number: at + 2 }));
  const right: Row[] = [];
  const truth: TwoLists["truth"][number][] = [];
  for (let at = Math.floor(size / 10); at < things.length; at++) {
    const number = right.length + 2;
    const row = rowOf(1, at, {
      system: "roads",
      value: `R-${String((at * 7_919) % 10_000_019).padStart(8, "0")}`,
    });
    right.push({ ...row, number, codes: at < size && random.oneIn(5) ? [own(at)] : [] });
    if (at < size) truth.push({ left: at + 2, right: number });
  }
  return { left, right, truth };
}
