import type { Code } from "@cityroot/codes/ma/code";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { verifyList } from "@cityroot/core/proof/verify-list";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import { type Figure, medianOf } from "./figure.ts";
import { codeOf } from "./fixture.ts";
import { getRequest, type LoadResult, runLoad } from "./http-load.ts";
import type { BenchServer } from "./server.ts";

/** Resolutions with record, proof and checkpoint at random codes. */
export async function measureResolutions(
  server: BenchServer,
  records: number,
  options: { readonly requests: number; readonly runs: number; readonly connections: number },
): Promise<LoadResult & { readonly rate: number }> {
  const results: (LoadResult & { readonly rate: number })[] = [];
  for (let run = 0; run <= options.runs; run++) {
    const requests = Array.from({ length: options.requests }, () =>
      getRequest(`/v1/proofs/${codeOf(Math.floor(Math.random() * records))}`),
    );
    const result = await runLoad(server.address, options.connections, () => requests.pop());
    if (result.failures > 0) throw new Error(`${result.failures} resolutions failed`);
    // The first run warms the process up and does not count.
    if (run > 0) results.push({ ...result, rate: result.requests / result.seconds });
  }
  results.sort((a, b) => a.rate - b.rate);
  return results[Math.floor(results.length / 2)]!;
}

/** The policy that a node states; a measurement has no reason to doubt it. */
export async function policyOf(server: BenchServer): Promise<Policy> {
  const answer = (await (await fetch(`${server.address}/v1/network`)).json()) as { policy: unknown };
  const policy = readPolicy(answer.policy);
  if (!policy.ok) throw new Error(policy.fault.expected);
  return policy.value;
}

/** Size of a proof, and how many a client checks a second on one core. */
export async function measureVerification(
  server: BenchServer,
  records: number,
): Promise<{ bytes: number; rate: number }> {
  const policy = await policyOf(server);
  const bundles: { code: Code; bytes: Uint8Array }[] = [];
  for (let at = 0; at < 500; at++) {
    const code = codeOf(Math.floor(Math.random() * records));
    const answer = await fetch(`${server.address}/v1/proofs/${code}`);
    bundles.push({ code, bytes: new Uint8Array(await answer.arrayBuffer()) });
  }
  const seen = new Map();
  const rates: number[] = [];
  for (let run = 0; run < 6; run++) {
    const begun = performance.now();
    for (let round = 0; round < 10; round++) {
      for (const { code, bytes } of bundles) {
        const verified = verifyAnswer(bytes, code, { policy, seen, verifySignature: verifyNative });
        if (!verified.ok || verified.value.standing.kind !== "record")
          throw new Error(`${code} does not verify`);
      }
    }
    if (run > 0) rates.push((10 * bundles.length) / ((performance.now() - begun) / 1000));
  }
  return { bytes: medianOf(bundles.map(({ bytes }) => bytes.length)), rate: medianOf(rates) };
}

/** A complete list of so many codes below a prefix, fetched and checked: seconds. */
export async function measureList(server: BenchServer, prefix: Code, count: number): Promise<number> {
  const policy = await policyOf(server);
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const begun = performance.now();
    const answer = await fetch(`${server.address}/v1/lists/${prefix}?limit=10000&proof=true`);
    const { proof } = (await answer.json()) as { proof: string };
    const list = verifyList(Buffer.from(proof, "base64"), prefix, undefined, { policy });
    if (!list.ok) throw new Error(list.failure.detail);
    if (!list.value.isLast || list.value.entries.length !== count)
      throw new Error(`the list has ${list.value.entries.length} entries`);
    times.push((performance.now() - begun) / 1000);
  }
  return medianOf(times);
}

/** Figures of the read path at one size. */
export function readFigures(
  size: string,
  target: number,
  load: LoadResult & { readonly rate: number },
): Figure[] {
  return [
    {
      name: "resolutions with record, proof and checkpoint over HTTP, one worker",
      size,
      value: load.rate,
      unit: "/s",
      target,
      note: "did:plc 2 900/s; PostgreSQL selects 33 000/s without proof",
    },
    { name: "the same, median", size, value: load.p50Ms, unit: "ms" },
    { name: "the same, 99 of 100 within", size, value: load.p99Ms, unit: "ms" },
  ];
}
