import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { encodeAddCheckpoint } from "@cityroot/core/log/add-checkpoint";
import { type Checkpoint, parseCheckpoint, signCheckpoint } from "@cityroot/core/log/checkpoint";
import { parseNote, printVerifierKey } from "@cityroot/core/log/note";
import { type Policy, type PolicyJson, readPolicy } from "@cityroot/core/log/witness-policy";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { expect, test } from "vitest";
import { makeCosigned } from "./cosigned-network.testing.ts";
import { COMETBFT_MISSING, makeTestNetwork, WHY_NOT } from "./engine/cometbft/comet-network.testing.ts";
import { findCometBft } from "./engine/cometbft/find-cometbft.ts";
import { NATION, signTransaction } from "./engine/embedded/stored-node.testing.ts";
import { readHome } from "./home/home.ts";
import { verifyNative } from "./signature/native-ed25519.ts";
import { type RunningNode, startNode } from "./start-node.ts";
import { openRegistryStore } from "./store/registry-store.ts";
import { readEvidence } from "./witness/evidence.ts";
import { nodeWitnessPath } from "./witness/node-witness.ts";
import { readWitnessHome } from "./witness/witness-home.ts";

// Goal: in a network each validator witnesses the log, and every node shows what a quorum of them cosigned, under one
// policy and whichever of them signed it for the log.
// Method: four whole nodes with real CometBFT; one of them is stopped, and comes back.

const STEM = "MA.156.1301.02/60.10000000.1";

async function ask({ address }: RunningNode, serial: number, policy: Policy): Promise<string> {
  const code = `${STEM}/${serial}` as Code;
  const bytes = new Uint8Array(await (await fetch(`${address}/v1/proofs/${code}`)).arrayBuffer());
  const answer = verifyAnswer(bytes, code, { policy, verifySignature: verifyNative });
  if (!answer.ok) return `${answer.failure.name}: ${answer.failure.detail}`;
  const { standing, cosigners } = answer.value;
  return `${standing.kind}, ${cosigners.length >= policy.quorum ? "quorum" : "too few"}`;
}

/** What a validator that signs something else than the ledger gets of another's witness, and what that one keeps. */
async function expectRefusal(witness: string, liar: string, policy: PolicyJson): Promise<void> {
  const { verifier } = readWitnessHome(nodeWitnessPath(witness)).key;
  const { url } = readHome(witness).config.witnesses.find(({ key }) => key === printVerifierKey(verifier))!;
  const { name, seed } = readHome(liar).checkpointKey;
  const store = openRegistryStore(`${liar}/data`, { readOnly: true });
  const parsed = parseNote(store.head()!.note);
  await store.close();
  const checkpoint = parsed.ok ? parseCheckpoint(parsed.value.text) : parsed;
  if (!checkpoint.ok) throw new Error(checkpoint.fault.field);
  const { size } = checkpoint.value;
  const submit = async (changes: Partial<Checkpoint>): Promise<number> => {
    const note = signCheckpoint({ ...checkpoint.value, ...changes }, name, seed);
    const body = encodeAddCheckpoint({ oldSize: size, path: [], note });
    return (await fetch(`${url}/add-checkpoint`, { method: "POST", body: body as BodyInit })).status;
  };
  expect(await submit({}), "what stands in the ledger").toBe(200);
  expect(await submit({ stateRoot: new Uint8Array(32) }), "another state under the same tree").toBe(422);
  expect(await submit({ size: size + 1_000 }), "blocks that nobody decided").toBe(503);
  expect(readEvidence(`${nodeWitnessPath(witness)}/evidence`), "what shows no fork").toEqual([]);
  expect(await submit({ logRoot: new Uint8Array(32) }), "another tree").toBe(422);
  const [evidence, ...more] = readEvidence(`${nodeWitnessPath(witness)}/evidence`);
  expect(more).toEqual([]);
  expect(evidence).toMatchObject({ verdict: "two-roots", origin: policy.origin });
  expect(evidence!.conflict.keys.map(printVerifierKey)).toEqual(policy.logKeys);
  const [signature] = evidence!.conflict.submitted.signatures;
  expect(signature!.keyId, "whose signature convicts").toBe(readHome(liar).checkpointKey.verifier.keyId);
}

test.skipIf(COMETBFT_MISSING)(
  `validators cosign what every node then shows, with one of them away too${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    await makeCosigned(
      network.nodes.map(({ parts }) => parts),
      { quorum: 3 },
    );
    const start = (at: number) => startNode({ home: network.nodes[at]!.parts.path });
    const running = await Promise.all([0, 1, 2, 3].map(start));
    try {
      const policies = running.map((node) => node.policy);
      for (const policy of policies) expect(policy, "one policy").toEqual(policies[0]);
      expect([policies[0]!.logKeys.length, policies[0]!.witnesses.length]).toEqual([4, 4]);
      const read = readPolicy(policies[0]);
      if (!read.ok) throw new Error(read.fault.field);
      const policy = read.value;
      const issue = async (node: RunningNode, serial: number): Promise<void> => {
        const options = { lastHeight: 1_000, nonce: serial, network: network.id };
        const bytes = signTransaction(NATION, [issueOf(`${STEM}/${serial}`)], options);
        // A node that has just been started takes a moment until it decides.
        await expect
          .poll(async () => (await node.engine.submit([bytes]))[0]!.outcome, { timeout: 20_000 })
          .toMatchObject({ ok: true });
      };
      for (const [at, node] of [...running, ...running].entries()) {
        await issue(node, at);
        expect(await ask(node, at, policy), `node ${at % 4}`).toBe("record, quorum");
      }
      // The others show it too, as soon as they have the block.
      for (const node of running)
        await expect.poll(() => ask(node, 7, policy), { timeout: 10_000 }).toBe("record, quorum");

      await expectRefusal(network.nodes[0]!.parts.path, network.nodes[3]!.parts.path, policies[0]!);

      await running[3]!.close();
      for (const [at, node] of running.slice(0, 3).entries()) {
        await issue(node, 100 + at);
        expect(await ask(node, 100 + at, policy), `node ${at} of three`).toBe("record, quorum");
      }
      running[3] = await start(3);
      await expect.poll(() => ask(running[3]!, 102, policy), { timeout: 20_000 }).toBe("record, quorum");
    } finally {
      await Promise.all(running.map((node) => node.close()));
      await network.remove();
    }
  },
  120_000,
);
