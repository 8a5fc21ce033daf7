// Every figure by one command: `npm run bench`, or `npm run bench -- --quick` for a look at smaller sizes.
import { statSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";
import { drawCosts } from "./chart.ts";
import { type Figure, tableOf } from "./figure.ts";
import { fill } from "./fill.ts";
import { newHome } from "./fixture.ts";
import { measureBatch } from "./measure-batch.ts";
import { measureCeilings } from "./measure-ceilings.ts";
import { measureList, measureResolutions, measureVerification, readFigures } from "./measure-reads.ts";
import {
  measureRandomUpdates,
  measureRange,
  measureSerialIssues,
  SERIAL_RUNS,
  serialCost,
  writeFigures,
} from "./measure-writes.ts";
import { prepareList } from "./prepare-list.ts";
import { type ProcessorTime, timeEach } from "./processor-time.ts";
import { type BenchServer, startServer } from "./server.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    sizes: { type: "string" },
    write: { type: "boolean", default: false },
    workers: { type: "string", default: "1" },
  },
});
installNativeFunctions();
const sizes = (options.sizes ?? (options.quick ? "20000,200000" : "100000,1000000,10000000"))
  .split(",")
  .map(Number);
const workers = Number(options.workers);
const scale = options.quick ? 0.2 : 1;
const figures: Figure[] = [];
const costs: { records: number; serialUs: number; randomUs: number }[] = [];
const report = (added: readonly Figure[]): void => {
  for (const { name, size, value, unit } of added)
    console.error(`${name} [${size}]: ${value.toFixed(2)} ${unit}`);
  figures.push(...added);
};

const home = newHome(workers);
let filled = 0;
for (const records of sizes) {
  const size = nameOf(records);
  report(await measureCeilings(size));
  const seconds = await fill(home, filled, records);
  report([
    { name: "issued straight through the engine", size, value: (records - filled) / seconds, unit: "/s" },
  ]);
  filled = records;
  const server = await startServer(home, workers);
  const target = records > 1_000_000 ? 15_000 : 20_000;
  const requests = Math.round(60_000 * scale);
  const resolving = await timed(server, () =>
    measureResolutions(server, records, { requests, runs: 3, connections: 32 }),
  );
  report(readFigures(size, target, resolving.value));
  // One more run warms up.
  report(timeFigures("a resolution", size, timeEach(resolving.before, resolving.after, 4 * requests)));
  const verification = await measureVerification(server, records);
  report([
    {
      name: "proof bundle without delegations",
      size,
      value: verification.bytes,
      unit: "bytes",
      target: 2_048,
      atMost: true,
    },
    {
      name: "proofs checked in Node, one core",
      size,
      value: verification.rate,
      unit: "/s",
      target: 10_000,
      note: "immudb 2 200 verified reads/s",
    },
  ]);
  const transactions = Math.round(60_000 * scale);
  const updating = await timed(server, () =>
    measureRandomUpdates(server, records, { transactions, runs: 3 }),
  );
  const random = updating.value;
  report(
    timeFigures("a transaction at random", size, timeEach(updating.before, updating.after, 4 * transactions)),
  );
  const issued = Math.round(100_000 * scale);
  const issuing = await timed(server, () => measureSerialIssues(server, filled, issued));
  const serial = issuing.value;
  filled += SERIAL_RUNS * issued;
  report(timeFigures("a serial issue", size, timeEach(issuing.before, issuing.after, SERIAL_RUNS * issued)));
  const rangeMs = records === sizes[0] ? await measureRange(server, 9) : 0;
  report(writeFigures(size, { random, serial, rangeMs }).filter(({ value }) => value > 0));
  const memory = await server.memory();
  await server.close();
  const again = await startServer(home, workers);
  report([
    { name: "start, until it serves", size, value: again.startMs / 1000, unit: "s", target: 2, atMost: true },
    {
      name: "memory of the engine's process, its own",
      size,
      value: memory.anonymousMb,
      unit: "MB",
      target: 1_024,
      atMost: true,
    },
    { name: "the same with what is mapped of the store", size, value: memory.residentMb, unit: "MB" },
    {
      name: "disk a record, history and log included",
      size,
      value: statSync(`${home}/data/registry.mdb`).size / filled,
      unit: "bytes",
    },
  ]);
  await again.close();
  const serialUs = await serialCost(home, filled, Math.round(100_000 * scale));
  filled += Math.round(100_000 * scale);
  costs.push({ records, serialUs, randomUs: 1e6 / random });
}
const list = await prepareList(workers);
report([
  {
    name: "complete list of 5,152 codes, proven, fetched and checked",
    size: "5,152 codes",
    value: await measureList(list.server, list.prefix, 5_152),
    unit: "s",
    target: 1,
    atMost: true,
  },
]);
await list.close();
report(await measureBatch(options.quick ? [20_000] : [100_000, 1_000_000]));
const [first, last] = [costs[0]!, costs[costs.length - 1]!];
report([
  {
    name: "cost of a serial issue, largest against smallest",
    size: `${nameOf(last.records)} / ${nameOf(first.records)}`,
    value: last.serialUs / first.serialUs,
    unit: "times",
    target: 1.5,
    atMost: true,
  },
  {
    name: "cost of a random update, largest against smallest",
    size: `${nameOf(last.records)} / ${nameOf(first.records)}`,
    value: last.randomUs / first.randomUs,
    unit: "times",
    target: 2,
    atMost: true,
  },
]);

const [cpu] = cpus();
const machine = `${availableParallelism()} cores (${cpu?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load generator on the same machine, ${workers} worker`;
console.log(`Taken on ${machine}. Medians.\n\n${tableOf(figures)}`);
if (options.write) {
  const folder = fileURLToPath(new URL("../docs/figures", import.meta.url));
  writeFileSync(`${folder}/cost.svg`, drawCosts(costs));
  writeFileSync(`${folder}/README.md`, pageOf(machine));
}

/** Runs a measurement between two readings of the node's processor time. */
async function timed<T>(
  of: BenchServer,
  measure: () => Promise<T>,
): Promise<{ readonly value: T; readonly before: ProcessorTime; readonly after: ProcessorTime }> {
  const before = of.processorTime();
  const value = await measure();
  return { value, before, after: of.processorTime() };
}

/** Where the processor's time goes: what the two cores can give is two seconds a second, the load's own among them. */
function timeFigures(
  what: string,
  size: string,
  { engine, signatures, workers, consensus }: ProcessorTime,
): Figure[] {
  const name = `processor time of ${what}`;
  return [
    { name: `${name}: engine's process`, size, value: engine, unit: "µs" },
    { name: `${name}: signature checks`, size, value: signatures, unit: "µs" },
    { name: `${name}: worker`, size, value: workers, unit: "µs" },
    { name: `${name}: consensus`, size, value: consensus, unit: "µs" },
  ].filter(({ value }) => value >= 0.5);
}

function nameOf(records: number): string {
  return records >= 1_000_000 ? `${records / 1_000_000} M records` : `${records / 1_000} k records`;
}

function pageOf(taken: string): string {
  return `# Figures

Made by \`npm run bench -- --write\`. Taken on ${taken}. Medians; the machine is a shared virtual one, so read
differences below a fifth as noise.

${tableOf(figures)}

![Cost of an operation against the number of records](cost.svg)

The rows of processor time say where the cores go. Two cores give two seconds a second, of which the load generator takes
its part: two divided by the sum of an operation's rows is the most that this machine could do of it. For a transaction at
random more than a third of that is the check of its signature, which no library that was tried does faster.

Memory is given twice: what a process has of its own, and with what it has mapped of the store, which is the system's
page cache and is given back when something else needs it.

What a user could take instead was measured on two such cores, with the load generator beside it: did:plc 300
creates/s and 2 900 resolutions/s, immudb 2 200 verified reads/s, PostgreSQL 19 000 inserts/s and 33 000 selects/s
without any proof.
`;
}
