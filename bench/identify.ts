// How many texts a second are identified on one core, by how many coding systems.
// Run: npm run bench:identify, or with -- --write for docs/figures/identify.md
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { identifyText } from "@cityroot/codes/carrier/identify-text";
import { CODING_SYSTEMS } from "@cityroot/codes/systems/systems";
import { type Figure, medianOf, tableOf } from "./figure.ts";
import { pageOfFigures, writePage } from "./figures-page.ts";

const { values: options } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const TARGET = 200_000;
const RUNS = 7;

/** Values of every system; the same with a wrong last character; texts that are nothing. */
const valid = CODING_SYSTEMS.flatMap(({ examples }) => examples.map(({ value }) => value));
const wrong = valid.map((value) => value.slice(0, -1) + (value.endsWith("7") ? "8" : "7"));
const nothing = valid.map((_, at) => `?${createHash("sha256").update(`${at}`).digest("base64")}`);
const written = valid.map((value) => `\u3000 ${value.toLowerCase().replace(/(.{4})/g, "$1 ")}\n`);

const size = `${CODING_SYSTEMS.length} systems, one core`;
const figures: Figure[] = [
  rate("values of every system", valid, TARGET),
  rate("the same with a wrong last character", wrong),
  rate("the same in groups of four, in lower case", written),
  rate("texts that are no value", nothing),
  rate("all of these", [...valid, ...wrong, ...written, ...nothing]),
];
console.log(tableOf(figures));
if (options.write) {
  const notes = `Each text is asked of every coding system, and looked at as a carrier of codes. Values are the examples of all systems, of which one is
an element string; the others are the same texts as people mistype and paste them, and texts that are nothing.`;
  const command = "npm run bench:identify -- --write";
  writePage("identify.md", pageOfFigures({ title: "Figures of identification", command, figures, notes }));
}

function rate(name: string, texts: readonly string[], target?: number): Figure {
  const rates: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const begun = performance.now();
    let count = 0;
    while (performance.now() - begun < 300) {
      for (const text of texts) identifyText(text);
      count += texts.length;
    }
    // The first run warms the process up and does not count.
    if (run > 0) rates.push((1_000 * count) / (performance.now() - begun));
  }
  const figure = { name, size, value: medianOf(rates), unit: "/s" };
  return target === undefined ? figure : { ...figure, target };
}
