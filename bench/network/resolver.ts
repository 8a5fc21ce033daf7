// Resolutions of a node that validates beside those of a node with the embedded engine over as many records, turn by turn.
import { type Figure, medianOf } from "../figure.ts";
import { fill } from "../fill.ts";
import { newHome } from "../fixture.ts";
import { measureResolutions } from "../measure-reads.ts";
import { type BenchServer, startServer } from "../server.ts";
import type { ValidatorHome } from "./homes.ts";
import { pin, signal, splitProcessors } from "./pinning.ts";
import { startRegistryNetwork } from "./registry.ts";

/** Enough that the node has requests waiting while the load generator waits for its own processor. */
const CONNECTIONS = 256;
/** A block is decided on for so many transactions that come together, one after another. */
const TOGETHER = 10;

/** What is measured, and how often. */
export type ResolverPlan = {
  /** Homes of four validators and of a node that follows them. */
  readonly homes: readonly ValidatorHome[];
  readonly records: number;
  readonly requests: number;
  readonly rounds: number;
};

/**
 * Measures both in turn while a network decides on blocks. Beside the measured node this machine runs the load generator
 * and four nodes of the network: the four validators, or three of them and the one that follows, which is halted meanwhile.
 */
export async function measureResolvers({
  homes,
  records,
  requests,
  rounds,
}: ResolverPlan): Promise<Figure[]> {
  const network = await startRegistryNetwork(homes, 0, homes.length - 1);
  await network.codeRate(records, 1_000, 32);
  const [validating, follower] = [network.servers[0]!, network.servers.at(-1)!];
  const home = newHome(0);
  await fill(home, 0, records);
  const embedded = await startServer(home, 0);
  const split = splitProcessors();
  const measure = async (server: BenchServer): Promise<number> => {
    if (split !== undefined) {
      for (const { pid } of [...network.servers, embedded]) pin(pid, split.others);
      pin(process.pid, split.others);
      pin(server.pid, split.one);
    }
    let isDone = false;
    const deciding = (async (): Promise<void> => {
      while (!isDone) await network.singleRate(TOGETHER, homes.length - 1);
    })();
    const { rate } = await measureResolutions(server, records, {
      ...{ requests, runs: 1, connections: CONNECTIONS },
    });
    isDone = true;
    await deciding;
    return rate;
  };
  const [alone, beside, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    signal(follower.pid, "SIGSTOP");
    const embeddedRate = await measure(embedded);
    signal(follower.pid, "SIGCONT");
    await network.untilTogether();
    const validatingRate = await measure(validating);
    alone.push(embeddedRate);
    beside.push(validatingRate);
    ratios.push(validatingRate / embeddedRate);
  }
  // What is started later has what this process may use.
  if (split !== undefined) pin(process.pid, split.all);
  await network.close();
  await embedded.close();
  const size = `${Math.round(records / 1_000)} k records`;
  const note =
    split === undefined
      ? "beside four other nodes"
      : "alone on a processor with what belongs to it, four other nodes and the load beside it";
  return [
    {
      name: "resolutions of a node with the embedded engine",
      size,
      value: medianOf(alone),
      unit: "/s",
      note,
    },
    { name: "resolutions of a node that validates", size, value: medianOf(beside), unit: "/s", note },
    {
      name: "the second against the first, median of the pairs",
      ...{ size, value: medianOf(ratios), unit: "", target: 0.8 },
    },
  ];
}
