// How long it takes on a network of four validators from handing in a transaction to a proof, checked by the client, that
// three of them cosigned. Alone: npx node --conditions=source bench/cosigned.ts
import type { Code } from "@cityroot/codes/ma/code";
import { encodeCbor } from "@cityroot/core/cbor";
import { issueOf } from "@cityroot/core/ledger.testing";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { makeCosigned } from "@cityroot/node/cosigned-network.testing";
import { makeTestNetwork } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { defaultConsensus } from "@cityroot/node/home/consensus-config";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import { type Figure, tableOf } from "./figure.ts";
import { type BenchServer, startServer } from "./server.ts";

/** How the measurement is made. */
export type CosignedOptions = {
  /** Submissions that are measured, one after the other. */
  readonly submissions: number;
  /** Pause between two of them, in milliseconds, so that they meet blocks at any moment. */
  readonly pauseMs: number;
  /** Pause of the consensus after each block, in milliseconds; the default of a node when absent. */
  readonly blockPauseMs?: number;
};

const VALIDATORS = 4;
const QUORUM = 3;
const STEM = "MA.156.1301.02/60.10000000.1";
/** The first submissions warm the processes up and do not count. */
const WARM_UP = 10;
const TIMEOUT_MS = 30_000;

/** Figures of one run: the median and the 99th percentile. */
export async function measureCosigned(options: CosignedOptions): Promise<readonly Figure[]> {
  const { submissions, pauseMs, blockPauseMs = defaultConsensus().blockPauseMs } = options;
  const network = await makeTestNetwork(await findCometBft(), VALIDATORS);
  const homes = network.nodes.map(({ parts }) => parts);
  await makeCosigned(homes, { quorum: QUORUM }, blockPauseMs);
  const servers: BenchServer[] = [];
  try {
    servers.push(...(await Promise.all(homes.map(({ path }) => startServer(path, 0)))));
    const policy = await policyOf(servers[0]!);
    const times: number[] = [];
    for (let serial = 0; serial < submissions + WARM_UP; serial++) {
      const timeMs = await submitToProof(servers[serial % VALIDATORS]!, serial, { id: network.id, policy });
      if (serial >= WARM_UP) times.push(timeMs);
      await new Promise((resolve) => setTimeout(resolve, pauseMs * 2 * Math.random()));
    }
    return figuresOf(times, blockPauseMs);
  } finally {
    await Promise.all(servers.map((server) => server.close()));
    await network.remove();
  }
}

/** Milliseconds from handing in a transaction to a proof of it that the policy's quorum cosigned. */
async function submitToProof(
  { address }: BenchServer,
  serial: number,
  { id, policy }: { readonly id: string; readonly policy: Policy },
): Promise<number> {
  const code = `${STEM}/${serial}` as Code;
  const bytes = signTransaction(NATION, [issueOf(code)], { lastHeight: 10_000, nonce: serial, network: id });
  const begunMs = performance.now();
  const sinceMs = (): number => performance.now() - begunMs;
  for (;;) {
    const response = await fetch(`${address}/v1/transactions`, {
      method: "POST",
      headers: { "content-type": "application/cbor" },
      body: encodeCbor([bytes]) as BodyInit,
    });
    await response.arrayBuffer();
    if (response.status === 200) break;
    // The first meets nodes that have just been started.
    if (serial >= WARM_UP || sinceMs() > TIMEOUT_MS) throw new Error(`refused with ${response.status}`);
  }
  for (;;) {
    const response = await fetch(`${address}/v1/proofs/${code}`);
    const proof = new Uint8Array(await response.arrayBuffer());
    const answer = verifyAnswer(proof, code, { policy, verifySignature: verifyNative });
    if (answer.ok && answer.value.standing.kind === "record") return sinceMs();
    if (sinceMs() > TIMEOUT_MS) throw new Error(`no proof: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function policyOf({ address }: BenchServer): Promise<Policy> {
  const answer = (await (await fetch(`${address}/v1/network`)).json()) as { readonly policy: unknown };
  const policy = readPolicy(answer.policy);
  if (!policy.ok) throw new Error(policy.fault.field);
  return policy.value;
}

function figuresOf(times: readonly number[], blockPauseMs: number): readonly Figure[] {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  const common = {
    name: "submit to proof with a quorum of cosignatures",
    size: `${VALIDATORS} validators, ${QUORUM} cosign`,
    unit: "ms",
  };
  const note = `pause after a block ${blockPauseMs} ms`;
  return [
    { ...common, name: `${common.name}, median`, value: at(0.5), target: 1_000, atMost: true, note },
    { ...common, name: `${common.name}, 99th percentile`, value: at(0.99) },
  ];
}

if (import.meta.main) {
  const figures = await measureCosigned({ submissions: 60, pauseMs: 300 });
  console.info(tableOf(figures));
}
