import { readFileSync } from "node:fs";
import { type SeededRandom, seededRandom } from "../../../test/seeded-random.testing.ts";
import { METRES_OF_MICRODEGREE, parseMicrodegrees } from "./distance.ts";
import type { RowPair } from "./match.ts";
import type { Row } from "./row.ts";

const STOPS = new URL("../../../data/berlin-stops.csv", import.meta.url);

/** A list, another department's list of mostly the same things, and which rows are the same thing. */
export type TwoLists = {
  readonly left: readonly Row[];
  readonly right: readonly Row[];
  readonly truth: readonly RowPair[];
};

/** The stops of Berlin, a row for each number of a stop: its whole stop, or else its first pole. */
export function berlinStops(each: "stop" | "pole"): readonly Row[] {
  const lines = readFileSync(STOPS, "utf8").trim().split("\n").slice(1);
  const rows = new Map<string, Row>();
  for (const line of lines) {
    const [ifopt, vbbId, rest] = /^([^,]*),([^,]*),(.*)$/.exec(line)!.slice(1) as [string, string, string];
    const [, name, latitude, longitude] = /^(.*),([\d.]+),([\d.]+),[^,]*$/.exec(rest)!;
    const key = each === "stop" ? vbbId : ifopt;
    if (rows.has(key)) continue;
    rows.set(key, {
      number: rows.size + 2,
      code: { system: "ifopt", value: each === "stop" ? `de:11000:${vbbId}` : ifopt },
      codes: [],
      names: [{ language: "", text: name!.replace(/^"(.*)"$/, "$1") }],
      place: "",
      point: { latitude: parseMicrodegrees(latitude!, 90)!, longitude: parseMicrodegrees(longitude!, 180)! },
    });
  }
  return [...rows.values()];
}

/** How another list goes wrong. */
const MISSING_ONE_IN = 10;
const EXTRA_ONE_IN = 10;
const SHIFT_METRES = 80;

/**
 * Makes the other list, from a seed: own ids in an order of its own, names written otherwise (abbreviated and spelt out,
 * without umlauts, without the town, in capitals, with misspelt letters, dropped words, streets of a crossing swapped), places up
 * to 80 m off, a tenth missing, a tenth that the first list has not, made of the same words.
 */
export function noisyList(left: readonly Row[], seed: number): TwoLists {
  const random = seededRandom(seed);
  const taken = left.filter(() => !random.oneIn(MISSING_ONE_IN));
  const words = left.map(({ names }) => plainName(names[0]!.text).split(/[\s/]+/));
  const points = left.map(({ point }) => point!);
  const made: { readonly row: Row; readonly from: Row | undefined }[] = taken.map((from) => ({
    row: {
      ...from,
      names: [{ language: "", text: noisyName(from.names[0]!.text, random) }],
      point: shifted(from, random),
    },
    from,
  }));
  for (let at = 0; at < left.length / EXTRA_ONE_IN; at++) {
    const text = `${random.pick(random.pick(words))} ${random.pick(random.pick(words))}`;
    const point = { latitude: random.pick(points).latitude, longitude: random.pick(points).longitude };
    const row: Row = {
      number: 0,
      code: { system: "", value: "" },
      codes: [],
      names: [{ language: "", text }],
      place: "",
      point,
    };
    made.push({ row, from: undefined });
  }
  for (let at = made.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [made[at], made[other]] = [made[other]!, made[at]!];
  }
  const rows = made.map(({ row, from }, at) => ({
    row: {
      ...row,
      number: at + 2,
      code: { system: "bureau", value: `HST-${String(at + 1).padStart(5, "0")}` },
    },
    from,
  }));
  return {
    left,
    right: rows.map(({ row }) => row),
    truth: rows.flatMap(({ row, from }) =>
      from === undefined ? [] : [{ left: from.number, right: row.number }],
    ),
  };
}

function plainName(name: string): string {
  return name.replace(/\s*\(Berlin\)|^Berlin,\s*/g, "").trim();
}

function noisyName(name: string, random: SeededRandom): string {
  let text = random.oneIn(3) ? `Berlin, ${plainName(name)}` : plainName(name);
  if (random.oneIn(3)) text = text.split("/").reverse().join(" / ");
  const writing = random.below(3);
  if (writing === 0) text = text.replaceAll("str.", "straße").replaceAll("Str.", "Straße");
  if (writing === 1) text = text.replaceAll(/([Pp])latz/g, "$1l.").replaceAll("str.", "str");
  if (random.oneIn(3)) {
    text = text.replace(/[äöüß]/g, (letter) => ({ ä: "ae", ö: "oe", ü: "ue", ß: "ss" })[letter]!);
  } else if (random.oneIn(4))
    text = text.replace(/[äöü]/g, (letter) => ({ ä: "a", ö: "o", ü: "u" })[letter]!);
  const words = text.split(" ");
  if (words.length > 2 && random.oneIn(5)) words.splice(random.below(words.length), 1);
  text = words.join(" ");
  if (random.oneIn(3)) text = misspelt(text, random);
  if (random.oneIn(8)) text = misspelt(text, random);
  return random.oneIn(10) ? text.toUpperCase() : text;
}

/** One letter left out, doubled, exchanged or swapped with the next. */
function misspelt(text: string, random: SeededRandom): string {
  const at = random.below(text.length);
  const letter = random.pick([..."abcdefghijklmnoprstuw"]);
  const swapped = text.charAt(at + 1) + text.charAt(at);
  return random.pick([
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + text.charAt(at) + text.slice(at),
    text.slice(0, at) + letter + text.slice(at + 1),
    text.slice(0, at) + swapped + text.slice(at + 2),
  ]);
}

function shifted({ point }: Row, random: SeededRandom): NonNullable<Row["point"]> {
  const reach = Math.floor(SHIFT_METRES / METRES_OF_MICRODEGREE);
  for (;;) {
    const [north, east] = [random.below(2 * reach) - reach, random.below(2 * reach) - reach];
    if (north * north + east * east > reach * reach) continue;
    return { latitude: point!.latitude + north, longitude: point!.longitude + Math.floor(east * 1.64) };
  }
}
