/**
 * Goal: in a network each validator comes to hold each payload, whichever of them it was given to.
 * Method: four real nodes with their CometBFT on this machine; items go to one of them, and the codes are asked of the others.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  COMETBFT_MISSING,
  freePorts,
  makeTestNetwork,
  WHY_NOT,
} from "../engine/cometbft/comet-network.testing.ts";
import { findCometBft } from "../engine/cometbft/find-cometbft.ts";
import { NATION, signTransaction } from "../engine/embedded/stored-node.testing.ts";
import { codeOf } from "../payload/payload.testing.ts";
import { type RunningNode, startNode } from "../start-node.ts";
import { batchFrom, issueOfBatch } from "./replication.testing.ts";

const VALIDATORS = 4;
const wait = { timeout: 60_000, interval: 200 };

describe.skipIf(COMETBFT_MISSING)(`payloads in a network${WHY_NOT}`, () => {
  let nodes: RunningNode[] = [];
  let remove = async (): Promise<void> => {};

  beforeAll(async () => {
    const network = await makeTestNetwork(await findCometBft(), VALIDATORS);
    remove = network.remove;
    const ports = await freePorts(VALIDATORS);
    const addresses = ports.map((port) => `http://127.0.0.1:${port}`);
    for (const [at, { parts }] of network.nodes.entries()) {
      const path = `${parts.path}/config.json`;
      const config = JSON.parse(readFileSync(path, "utf8")) as object;
      const consensus = {
        listen: { host: "127.0.0.1", port: parts.port },
        peers: parts.peers,
        privatePeers: true,
        blockPauseMs: 100,
      };
      const payloads = { replicas: addresses.filter((_, other) => other !== at) };
      const listen = { host: "127.0.0.1", port: ports[at] };
      writeFileSync(path, JSON.stringify({ ...config, listen, consensus, payloads }));
    }
    nodes = await Promise.all(
      network.nodes.map(({ parts }) => startNode({ home: parts.path, logLevel: "fatal" })),
    );
  }, 60_000);
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await remove();
  }, 60_000);

  test("come to all from the one that took the batch", async () => {
    const batches = [batchFrom(1, 2_000), batchFrom(5_001, 3)];
    for (const [at, batch] of batches.entries()) {
      const to = nodes[at]!;
      const body = Buffer.from(batch.bytes);
      const headers = { "content-type": "application/vnd.cityroot.items" };
      const put = await fetch(`${to.address}/v1/payloads`, { method: "PUT", body, headers });
      expect(put.status).toBe(201);
      const bytes = signTransaction(NATION, [issueOfBatch(batch)], {
        lastHeight: 50,
        nonce: at,
        network: to.network.id,
      });
      // Whoever does not hold the items refuses the batch; so it goes to the node that does.
      const [refused] = await nodes[3]!.engine.submit([bytes]);
      expect(refused!.outcome).toMatchObject({ ok: false, rejection: { name: "PAYLOAD_MISSING" } });
      // Repeating is harmless, and a node that just started may not have met the others.
      const submit = async (): Promise<unknown> => (await to.engine.submit([bytes]))[0]!.outcome;
      await expect.poll(submit, wait).toMatchObject({ ok: true });
    }
    for (const { address } of nodes) {
      const counts = async (): Promise<unknown> =>
        ((await (await fetch(`${address}/readyz`)).json()) as { payloads: unknown }).payloads;
      await expect.poll(counts, wait).toMatchObject({ referred: 2, whole: 2, missing: 0 });
      for (const number of [7, 5_002]) {
        const answer = await fetch(`${address}/v1/codes/${codeOf(number)}?proof=true`);
        expect(await answer.json(), `${number} of ${address}`).toMatchObject({ standing: "in-batch" });
      }
    }
  }, 90_000);
});
