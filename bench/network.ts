// What a network of four validators on this machine does, beside CometBFT's own example application on the same settings.
// Run: npm run bench:network, or with -- --quick for a look, or with -- --write for docs/figures/network.md
import { parseArgs } from "node:util";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";
import { measureCosigned } from "./cosigned.ts";
import { type Figure, medianOf } from "./figure.ts";
import { pageOfFigures, writePage } from "./figures-page.ts";
import { compareTransactions, medianRate, timeFigures, timesOf } from "./network/against-reference.ts";
import { type BlockTime, measureBlockTime } from "./network/block-time.ts";
import { makeValidators, type ValidatorHome } from "./network/homes.ts";
import type { RegistryNetwork } from "./network/registry.ts";
import { measureResolvers } from "./network/resolver.ts";
import { timeEach } from "./processor-time.ts";
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
const transactions = 16_000 * scale;
/** Turns of what is measured beside something else. */
const rounds = options.quick ? 1 : 5;
/** Codes of one run: so many blocks that its beginning and its end, when not all nodes have work, count for little. */
const codes = 192_000 * scale;
const CODE_CONNECTIONS = 48;
const binary = await findCometBft();
const figures: Figure[] = [];
const report = (added: readonly Figure[]): void => {
  for (const { name, size, value, unit } of added)
    console.error(`${name} [${size}]: ${value.toFixed(2)} ${unit}`);
  figures.push(...added);
};
const make = (): Promise<readonly ValidatorHome[]> => makeValidators(binary, VALIDATORS, ALONE);

const { figures: compared, network } = await compareTransactions({
  ...{ binary, make, transactions, connections: CONNECTIONS, runs, rounds },
});
report(compared);
report(await measureCodes(network));
const block = await measureBlockTime(1_000);
const blockMs = await measureBlock(network);
await network.close();
report(
  await measureResolvers({
    homes: await makeValidators(binary, VALIDATORS, ALONE, 1),
    ...{ records: 64_000 * scale, requests: Math.round(40_000 * scale), rounds },
  }),
);
report(blockFigures(block, blockMs));
report(await measureCosigned({ submissions: options.quick ? 20 : 60, pauseMs: 200 }));
for (const records of options.quick ? [20_000] : [20_000, 1_000_000]) report(await measureStateSync(records));
if (!options.quick) report(await measureGrowth());

const page = pageOf(block);
console.log(page);
if (options.write) writePage("network.md", page);

async function measureCodes(of: RegistryNetwork): Promise<Figure[]> {
  const at = `${VALIDATORS} validators, ${OPERATIONS} a transaction`;
  let before = timesOf(of);
  const rate = await medianRate(
    rounds,
    () => of.codeRate(codes, OPERATIONS, CODE_CONNECTIONS),
    () => {
      before = timesOf(of);
    },
  );
  return [
    { name: "issued codes", size: at, value: rate, unit: "/s", target: 10_000 },
    ...timeFigures("an issued code", at, timeEach(before, timesOf(of), codes * rounds)),
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

function pageOf({ profile }: BlockTime): string {
  const rows = profile.map(({ name, share }) => `| \`${name}\` | ${(100 * share).toFixed(1)} % |`);
  return pageOfFigures({
    title: "Figures of a network",
    command: "npm run bench:network -- --write",
    taken: ", all nodes and the load generator on the same machine",
    figures,
    notes: `The reference is CometBFT's own example application, a map that checks nothing, over unix sockets, with the settings that
the registry's nodes have, the same size of transaction and the same number of connections. It takes transactions at
CometBFT's own address; the registry's are posted to its nodes with \`prefer: respond-async\`. Both rates count from the
first request until all are in blocks, after four runs that warm up. What is measured against something else is measured in
turns with it.

Functions in which the application spends most of the time of blocks of 1,000 transactions, without what they call:

| function | share |
|---|---|
${rows.join("\n")}`,
  });
}
