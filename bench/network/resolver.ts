// Resolutions of a node that validates beside those of a node with the embedded engine over as many records, turn by turn.
import { type Figure, medianOf } from "../figure.ts";
import { fill } from "../fill.ts";
import { newHome } from "../fixture.ts";
import { measureResolutions } from "../measure-reads.ts";
import { type BenchServer, startServer } from "../server.ts";
import { pin, splitProcessors } from "./pinning.ts";
import type { RegistryNetwork } from "./registry.ts";

const CONNECTIONS = 32;
/** A block is decided on for so many transactions that come together, one after another. */
const TOGETHER = 10;

/** Measures both in turn, so many times; the network holds the records already. */
export async function measureResolvers(
  network: RegistryNetwork,
  { records, requests, rounds }: { records: number; requests: number; rounds: number },
): Promise<Figure[]> {
  const home = newHome(0);
  await fill(home, 0, records);
  const embedded = await startServer(home, 0);
  const validating = network.servers[0]!;
  const split = splitProcessors();
  const measure = async (server: BenchServer): Promise<number> => {
    if (split !== undefined) {
      for (const { pid } of [...network.servers, embedded]) pin(pid, split.others);
      pin(process.pid, split.others);
      pin(server.pid, split.one);
    }
    return (await measureResolutions(server, records, { requests, runs: 1, connections: CONNECTIONS })).rate;
  };
  const [alone, beside, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const embeddedRate = await measure(embedded);
    let isDone = false;
    const deciding = (async (): Promise<void> => {
      while (!isDone) await network.singleRate(TOGETHER, 4);
    })();
    const validatingRate = await measure(validating);
    isDone = true;
    await deciding;
    alone.push(embeddedRate);
    beside.push(validatingRate);
    ratios.push(validatingRate / embeddedRate);
  }
  await embedded.close();
  const size = `${Math.round(records / 1_000)} k records`;
  const note =
    split === undefined
      ? "beside three others"
      : "the measured node alone on a processor, the rest beside it";
  return [
    { name: "resolutions of a node with the embedded engine", size, value: medianOf(alone), unit: "/s" },
    { name: "resolutions of a node that validates", size, value: medianOf(beside), unit: "/s", note },
    {
      name: "the second against the first, median of the pairs",
      ...{ size, value: medianOf(ratios), unit: "", target: 0.8 },
    },
  ];
}
