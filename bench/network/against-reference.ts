// Signed transactions a second beside what CometBFT's own example application reaches, turn by turn: a shared machine is
// faster at one time than at another, and both meet the same.
import { type Figure, medianOf } from "../figure.ts";
import { type ProcessorTime, sumTimes, timeEach } from "../processor-time.ts";
import type { ValidatorHome } from "./homes.ts";
import { startReference } from "./reference.ts";
import { type RegistryNetwork, startRegistryNetwork, transactionBytes } from "./registry.ts";

/** What is measured, and how often. */
export type Comparison = {
  readonly binary: string;
  /** Makes the homes of a network that was not started yet. */
  readonly make: () => Promise<readonly ValidatorHome[]>;
  /** Transactions of one run. */
  readonly transactions: number;
  readonly connections: number;
  /** Runs of each in a round, after those that warm it up. */
  readonly runs: number;
  readonly rounds: number;
};

/**
 * Runs that do not count. Nodes run for months, and the code of each is compiled anew as it is used: only after some
 * 16,000 transactions a node do rates rise no more.
 */
const WARM_UPS = 4;

/** Starts, measures and closes both networks in each round; the last registry goes on, for what else is to be measured. */
export async function compareTransactions(
  comparison: Comparison,
): Promise<{ readonly figures: readonly Figure[]; readonly network: RegistryNetwork }> {
  const { binary, make, transactions, connections, runs, rounds } = comparison;
  const [references, rates, ratios]: [number[], number[], number[]] = [[], [], []];
  const times: ProcessorTime[] = [];
  let network: RegistryNetwork | undefined;
  for (let round = 0; round < rounds; round++) {
    await network?.close();
    const reference = await startReference(binary, await make());
    const referenceRate = await medianRate(runs, () =>
      reference.rate(transactions, transactionBytes(), connections),
    );
    await reference.close();
    const registry = await startRegistryNetwork(await make(), 0);
    network = registry;
    let before = timesOf(registry);
    const rate = await medianRate(
      runs,
      () => registry.singleRate(transactions, connections),
      () => {
        before = timesOf(registry);
      },
    );
    times.push(timeEach(before, timesOf(registry), transactions * runs));
    references.push(referenceRate);
    rates.push(rate);
    ratios.push(rate / referenceRate);
    console.error(
      `round ${round + 1} of ${rounds}: ${rate.toFixed(0)} of ${referenceRate.toFixed(0)} a second`,
    );
  }
  const size = `4 validators, ${connections} connections`;
  const figures: Figure[] = [
    {
      name: `reference: transactions of ${transactionBytes()} bytes, checked for nothing`,
      ...{ size, value: medianOf(references), unit: "/s", note: "CometBFT's kvstore over unix sockets" },
    },
    { name: "signed single-operation transactions", size, value: medianOf(rates), unit: "/s" },
    {
      name: "the second against the first, median of the rounds",
      ...{ size, value: medianOf(ratios), unit: "", target: 0.6 },
      note: `${rounds} rounds: ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}`,
    },
    ...timeFigures("a transaction", size, {
      ...{ engine: medianOf(times.map(({ engine }) => engine)), signatures: 0, workers: 0 },
      consensus: medianOf(times.map(({ consensus }) => consensus)),
    }),
  ];
  return { figures, network: network! };
}

/** Processor time of all nodes so far. */
export function timesOf({ servers }: RegistryNetwork): ProcessorTime {
  return sumTimes(servers.map(({ processorTime }) => processorTime()));
}

/** Where the processors' time goes, all nodes together. */
export function timeFigures(what: string, size: string, { engine, consensus }: ProcessorTime): Figure[] {
  const name = `processor time of ${what}, all nodes`;
  return [
    { name: `${name}: Cityroot`, size, value: engine, unit: "µs" },
    { name: `${name}: CometBFT`, size, value: consensus, unit: "µs" },
  ];
}

/** Median of some runs, after those that warm up; tells when the first that counts begins. */
export async function medianRate(
  runs: number,
  measure: () => Promise<number>,
  onWarm: () => void = () => {},
): Promise<number> {
  for (let run = 0; run < WARM_UPS; run++) await measure();
  onWarm();
  const rates: number[] = [];
  for (let run = 0; run < runs; run++) rates.push(await measure());
  return medianOf(rates);
}
