import { encodeCbor } from "@cityroot/core/cbor";
import type { Operation } from "@cityroot/core/operation/operation";
import { type Figure, medianOf } from "./figure.ts";
import { fill, OPERATIONS_PER_TRANSACTION } from "./fill.ts";
import { issueOf, signed, updateOf } from "./fixture.ts";
import { postRequest, runLoad } from "./http-load.ts";
import type { BenchServer } from "./server.ts";

const POST = "/v1/transactions";
/** Last height far enough for any measurement, near enough for the replay window. */
const LIFETIME = 12_000;

async function heightOf(server: BenchServer): Promise<number> {
  const answer = (await (await fetch(`${server.address}/v1/network`)).json()) as { height: number };
  return answer.height;
}

/** Single-operation transactions on codes at random, posted 100 at a time: transactions a second. */
export async function measureRandomUpdates(
  server: BenchServer,
  records: number,
  options: { readonly transactions: number; readonly runs: number },
): Promise<number> {
  const rates: number[] = [];
  for (let run = 0; run <= options.runs; run++) {
    const lastHeight = (await heightOf(server)) + LIFETIME;
    const bodies: Buffer[] = [];
    for (let at = 0; at < options.transactions; at += 100) {
      const batch = Array.from({ length: 100 }, () => {
        const serial = Math.floor(Math.random() * records);
        return signed([updateOf(serial, run)], lastHeight);
      });
      bodies.push(postRequest(POST, encodeCbor(batch)));
    }
    const result = await runLoad(server.address, 16, () => bodies.pop());
    if (result.failures > 0) throw new Error(`${result.failures} posts failed`);
    // The first run warms the process up and does not count.
    if (run > 0) rates.push((result.requests * 100) / result.seconds);
  }
  return medianOf(rates);
}

/** Runs of {@link measureSerialIssues}: the first warms the process up and does not count. */
export const SERIAL_RUNS = 4;

/**
 * Codes issued in serial order, 1,000 a transaction, over HTTP: codes a second. Serials begin at `from`, and there are
 * `count` in each of {@link SERIAL_RUNS}.
 */
export async function measureSerialIssues(server: BenchServer, from: number, count: number): Promise<number> {
  const rates: number[] = [];
  for (let run = 0; run < SERIAL_RUNS; run++) {
    const rate = await serialRate(server, from + run * count, count);
    if (run > 0) rates.push(rate);
  }
  return medianOf(rates);
}

async function serialRate(server: BenchServer, from: number, count: number): Promise<number> {
  const lastHeight = (await heightOf(server)) + LIFETIME;
  const bodies: Buffer[] = [];
  for (let first = from; first < from + count; first += OPERATIONS_PER_TRANSACTION) {
    const operations = Array.from({ length: OPERATIONS_PER_TRANSACTION }, (_, at) => issueOf(first + at));
    bodies.push(postRequest(POST, encodeCbor([signed(operations, lastHeight)])));
  }
  bodies.reverse();
  const result = await runLoad(server.address, 8, () => bodies.pop());
  if (result.failures > 0) throw new Error(`${result.failures} posts failed`);
  return count / result.seconds;
}

/** A range of a billion codes in one transaction: milliseconds until it is durable. */
export async function measureRange(server: BenchServer, runs: number): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const first = `MA.156.1301.03/60.10000000.${run + 1}/0000000000`;
    const range = { class: "lamp", attributes: [], links: [], commitments: [] } as const;
    const operation = {
      type: "issue-range",
      first,
      digits: 10,
      count: 1_000_000_000,
      ...range,
    } as unknown as Operation;
    const bodies = [
      postRequest(POST, encodeCbor([signed([operation], (await heightOf(server)) + LIFETIME)])),
    ];
    const result = await runLoad(server.address, 1, () => bodies.pop());
    if (result.failures > 0) throw new Error("the range was refused");
    times.push(result.p50Ms);
    const inside = `${first.slice(0, -9)}${String(run * 7_654_321).padStart(9, "0")}`;
    const answer = (await (await fetch(`${server.address}/v1/codes/${inside}`)).json()) as {
      standing: string;
    };
    if (answer.standing !== "in-range") throw new Error(`${inside}: ${JSON.stringify(answer)}`);
  }
  return medianOf(times);
}

/** Cost of one operation straight through the engine, in microseconds: serial issues. */
export async function serialCost(home: string, from: number, count: number): Promise<number> {
  return ((await fill(home, from, from + count)) / count) * 1e6;
}

/** Figures of the write path at one size. */
export function writeFigures(
  size: string,
  rates: { random: number; serial: number; rangeMs: number },
): Figure[] {
  return [
    {
      name: "signed single-operation transactions at random, 100 a post, durable",
      size,
      value: rates.random,
      unit: "/s",
      target: 12_000,
      note: "did:plc 300/s; PostgreSQL inserts 19 000/s without proof",
    },
    {
      name: "codes issued in serial order, 1,000 a transaction",
      size,
      value: rates.serial,
      unit: "/s",
      target: 60_000,
    },
    {
      name: "a range of a billion codes, until durable",
      size,
      value: rates.rangeMs,
      unit: "ms",
      target: 10,
      atMost: true,
    },
  ];
}
