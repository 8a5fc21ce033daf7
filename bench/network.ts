// What a network of four validators on this machine does, beside CometBFT's own example application on the same settings.
// Run: npm run bench:network, or with -- --quick for a look, or with -- --write for docs/figures/network.md
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";
import { measureCosigned } from "./cosigned.ts";
import { type Figure, medianOf, tableOf } from "./figure.ts";
import { fill } from "./fill.ts";
import { newHome } from "./fixture.ts";
import { measureResolutions } from "./measure-reads.ts";
import { type BlockTime, measureBlockTime } from "./network/block-time.ts";
import { makeValidators, type ValidatorHome } from "./network/homes.ts";
import { startReference } from "./network/reference.ts";
import { type RegistryNetwork, startRegistryNetwork, transactionBytes } from "./network/registry.ts";
import { type ProcessorTime, sumTimes, timeEach } from "./processor-time.ts";
import { startServer } from "./server.ts";
import { measureGrowth, measureStateSync } from "./state-sync.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    runs: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});
installNativeFunctions();
const VALIDATORS = 4;
const CONNECTIONS = 256;
const OPERATIONS = 1_000;
/** Four nodes share the processors of one machine: none has others check its signatures or answer its clients. */
const ALONE = { workers: 0, signatureProcesses: 0 };
const runs = Number(options.runs);
const scale = options.quick ? 0.25 : 1;
const transactions = 32_000 * scale;
const codes = 128_000 * scale;
const binary = await findCometBft();
const figures: Figure[] = [];
const report = (added: readonly Figure[]): void => {
  for (const { name, size, value, unit } of added)
    console.error(`${name} [${size}]: ${value.toFixed(2)} ${unit}`);
  figures.push(...added);
};
const make = (): Promise<readonly ValidatorHome[]> => makeValidators(binary, VALIDATORS, ALONE);
const size = `${VALIDATORS} validators, ${CONNECTIONS} connections`;

const reference = await measureReference();
report([
  {
    name: `reference: transactions of ${transactionBytes()} bytes, checked for nothing`,
    ...{ size, value: reference, unit: "/s", note: "CometBFT's kvstore over unix sockets" },
  },
]);
const network = await startRegistryNetwork(await make(), 0);
report(await measureTransactions(network));
report(await measureCodes(network));
const resolving = await measureValidatingResolver(network);
const block = await measureBlockTime(1_000);
const blockMs = await measureBlock(network);
await network.close();
report(blockFigures(block, blockMs));
report(await resolverFigures(resolving));
report(await measureCosigned({ submissions: options.quick ? 20 : 60, pauseMs: 200 }));
for (const records of options.quick ? [20_000] : [20_000, 1_000_000]) report(await measureStateSync(records));
if (!options.quick) report(await measureGrowth());

const [cpu] = cpus();
const machine = `${availableParallelism()} cores (${cpu?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, all nodes and the load generator on the same machine`;
const page = pageOf(block);
console.log(page);
if (options.write) {
  writeFileSync(fileURLToPath(new URL("../docs/figures/network.md", import.meta.url)), `${page}\n`);
}

async function measureReference(): Promise<number> {
  const running = await startReference(binary, await make());
  const rate = await medianRate(() => running.rate(transactions, transactionBytes(), CONNECTIONS));
  await running.close();
  return rate;
}

async function measureTransactions(of: RegistryNetwork): Promise<Figure[]> {
  const before = timesOf(of);
  const rate = await medianRate(() => of.singleRate(transactions, CONNECTIONS));
  return [
    { name: "signed single-operation transactions", size, value: rate, unit: "/s", target: 0.6 * reference },
    ...timeFigures("a transaction", size, timeEach(before, timesOf(of), transactions * (runs + 1))),
  ];
}

async function measureCodes(of: RegistryNetwork): Promise<Figure[]> {
  const at = `${VALIDATORS} validators, ${OPERATIONS} a transaction`;
  const before = timesOf(of);
  const rate = await medianRate(() => of.codeRate(codes, OPERATIONS, 32));
  return [
    { name: "issued codes", size: at, value: rate, unit: "/s", target: 10_000 },
    ...timeFigures("an issued code", at, timeEach(before, timesOf(of), codes * (runs + 1))),
  ];
}

/** From handing 1,000 transactions over until they are durable, in milliseconds. */
async function measureBlock(of: RegistryNetwork): Promise<number> {
  const rates: number[] = [];
  for (let run = 0; run < 7; run++) rates.push(await of.singleRate(1_000, CONNECTIONS));
  return 1e6 / medianOf(rates);
}

function blockFigures({ checkMs, finalizeMs, commitMs }: BlockTime, blockMs: number): Figure[] {
  const at = "1,000 transactions";
  return [
    { name: "application, one node: reading and checking signatures", size: at, value: checkMs, unit: "ms" },
    { name: "application, one node: working out the block", size: at, value: finalizeMs, unit: "ms" },
    { name: "application, one node: writing it", size: at, value: commitMs, unit: "ms" },
    { name: "from handing over to durable, the network", size: at, value: blockMs, unit: "ms" },
    {
      name: "the application's share of that",
      size: at,
      value: (100 * (checkMs + finalizeMs + commitMs)) / blockMs,
      unit: "%",
    },
  ];
}

type Resolving = { readonly records: number; readonly rate: number };

/** Resolutions of one node while the network decides on some transactions a second. */
async function measureValidatingResolver(of: RegistryNetwork): Promise<Resolving> {
  const records = Math.round(transactions + codes);
  let isDone = false;
  const deciding = (async (): Promise<void> => {
    while (!isDone) await of.singleRate(10, 4);
  })();
  const { rate } = await measureResolutions(of.servers[0]!, records, {
    ...{ requests: Math.round(40_000 * scale), runs, connections: 32 },
  });
  isDone = true;
  await deciding;
  return { records, rate };
}

async function resolverFigures({ records, rate }: Resolving): Promise<Figure[]> {
  const home = newHome(0);
  await fill(home, 0, records);
  const server = await startServer(home, 0);
  const { rate: alone } = await measureResolutions(server, records, {
    ...{ requests: Math.round(40_000 * scale), runs, connections: 32 },
  });
  await server.close();
  const at = `${Math.round(records / 1_000)} k records`;
  return [
    { name: "resolutions of a node with the embedded engine", size: at, value: alone, unit: "/s" },
    {
      name: "resolutions of a node that validates, beside three others",
      ...{ size: at, value: rate, unit: "/s", target: 0.8 * alone },
    },
  ];
}

function timesOf(of: RegistryNetwork): ProcessorTime {
  return sumTimes(of.servers.map(({ processorTime }) => processorTime()));
}

/** Where the processors' time goes, all nodes together. */
function timeFigures(what: string, at: string, { engine, consensus }: ProcessorTime): Figure[] {
  const name = `processor time of ${what}, all nodes`;
  return [
    { name: `${name}: Cityroot`, size: at, value: engine, unit: "µs" },
    { name: `${name}: CometBFT`, size: at, value: consensus, unit: "µs" },
  ];
}

/** Median of some runs; one before them warms up. */
async function medianRate(measure: () => Promise<number>): Promise<number> {
  const rates: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const rate = await measure();
    if (run > 0) rates.push(rate);
  }
  return medianOf(rates);
}

function pageOf({ profile }: BlockTime): string {
  const rows = profile.map(({ name, share }) => `| \`${name}\` | ${(100 * share).toFixed(1)} % |`);
  return `# Figures of a network

Made by \`npm run bench:network -- --write\`. Taken on ${machine}. Medians; the machine is a shared virtual one, so read
differences below a fifth as noise.

${tableOf(figures)}

The reference is CometBFT's own example application, a map that checks nothing, over unix sockets, with the settings that
the registry's nodes have, the same size of transaction and the same number of connections. It takes transactions at
CometBFT's own address; the registry's are posted to its nodes with \`prefer: respond-async\`. Both rates count from the
first request until all are in blocks.

Functions in which the application spends most of the time of blocks of 1,000 transactions, without what they call:

| function | share |
|---|---|
${rows.join("\n")}`;
}
