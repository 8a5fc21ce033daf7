/**
 * Goal: a network changes its own validators and parameters by operations, and every node does so at one block.
 * Method: real CometBFT processes on this machine. Who has a vote shows in what is decided when others are away.
 */
import { copyFileSync, rmSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf } from "@cityroot/core/ledger.testing";
import type { Operation } from "@cityroot/core/operation/operation";
import { setParametersOf, setValidatorsOf } from "@cityroot/core/operation/operation.testing";
import { misbehaviourKey } from "@cityroot/core/state/key";
import { decodeMisbehaviour, type RecordedMisbehaviour } from "@cityroot/core/state/misbehaviour";
import { addressOf, readValidators } from "@cityroot/core/state/validators";
import { expect, test } from "vitest";
import { auditRegistry } from "../../audit/audit-registry.ts";
import { readHome } from "../../home/home.ts";
import { makeTestHome, NATION, openStoredReader, signTransaction } from "../embedded/stored-node.testing.ts";
import type { Place, SubmitResult } from "../engine.ts";
import { consensusGenesisOf, makeConsensusHome, writeConsensusGenesis } from "./comet-home.ts";
import {
  COMETBFT_MISSING,
  freePorts,
  makeTestNetwork,
  type NetworkNode,
  networkNode,
  type TestNetwork,
  WHY_NOT,
} from "./comet-network.testing.ts";
import { findCometBft } from "./find-cometbft.ts";

const UP = { timeout: 30_000, interval: 50 };

/** Signs and submits operations of the network's governor, one transaction after the other. */
function governing(network: TestNetwork): (node: NetworkNode, ...operations: Operation[]) => Promise<Place> {
  let nonce = 0;
  return async (node, ...operations) => {
    nonce += 1;
    const options = { network: network.id, lastHeight: 1_000, nonce };
    const bytes = signTransaction(NATION, operations, options);
    let outcome: SubmitResult["outcome"] | undefined;
    // Its consensus may still be starting.
    const isDecided = async (): Promise<boolean> => {
      [{ outcome }] = (await node.engine().submit([bytes])) as [SubmitResult];
      return outcome.ok || outcome.rejection.name !== "NODE_UNAVAILABLE";
    };
    await expect.poll(isDecided, UP).toBe(true);
    if (outcome?.ok !== true) throw new Error(JSON.stringify(outcome));
    return outcome.value;
  };
}

let serial = 0;
const issue = (): Operation => {
  serial += 1;
  return issueOf(`MA.156.1301.02/60.10000000.1/${serial}` as Code);
};

const headOf = (node: NetworkNode): string => {
  const { height, stateRoot } = node.store().head()!;
  return `${height} ${bytesToHex(stateRoot)}`;
};

async function untilSame(nodes: readonly NetworkNode[]): Promise<void> {
  await expect.poll(() => new Set(nodes.map(headOf)).size, UP).toBe(1);
}

function namesIn(node: NetworkNode): readonly string[] {
  const reader = openStoredReader(readHome(node.parts.path));
  reader.head();
  const names = readValidators(reader.source).map(({ name }) => name);
  void reader.close();
  return names;
}

test.skipIf(COMETBFT_MISSING)(
  `a network of four goes to three validators and back to four${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    const { nodes, validators } = network;
    const [first, , third, fourth] = nodes as [NetworkNode, NetworkNode, NetworkNode, NetworkNode];
    const govern = governing(network);
    /** Changes of validators hold from the second block of the consensus after theirs on. */
    const pass = async (): Promise<void> => {
      for (let block = 0; block < 3; block++) await govern(first, issue());
    };
    try {
      await Promise.all(nodes.map(({ start }) => start()));
      await govern(first, setValidatorsOf(...validators.slice(0, 3)));
      await pass();
      await untilSame(nodes);
      expect(namesIn(fourth)).toEqual(["node-0", "node-1", "node-2"]);

      // Three votes of thirty decide only together: were the fourth's still counted, three of four would be enough.
      await third.stop();
      const before = headOf(first);
      const undecided = govern(first, issue());
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect([headOf(first), headOf(fourth)]).toEqual([before, before]);
      await third.start();
      await undecided;

      await govern(fourth, setValidatorsOf(...validators));
      await pass();
      await untilSame(nodes);
      await third.stop();
      await govern(first, issue());
      await govern(fourth, issue());
      await third.start();
      await untilSame(nodes);
      expect(namesIn(third)).toHaveLength(4);
      expect(nodes.map(({ stopped }) => stopped())).toEqual([null, null, null, null]);
    } finally {
      await Promise.all(nodes.map(({ stop }) => stop()));
    }
    try {
      const head = await auditRegistry(readHome(fourth.parts.path), undefined, 0);
      expect(head.height).toBeGreaterThan(8);
    } finally {
      await network.remove();
    }
  },
  180_000,
);

test.skipIf(COMETBFT_MISSING)(
  `a consensus that begins with other validators than the registry is refused${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 1);
    const [node] = network.nodes as [NetworkNode];
    const { genesis } = readHome(node.parts.path);
    try {
      const [own] = network.validators;
      writeConsensusGenesis(`${node.parts.path}/consensus`, {
        ...{ network: network.id, timeMs: genesis.timeMs, digest: networkOf(genesis).genesis },
        validators: [{ ...own!, power: 11 }],
      });
      await node.start();
      await expect
        .poll(node.stopped, UP)
        .toMatch(/other validators than this registry has: expected .* power 10; got .* power 11/);
    } finally {
      await network.remove();
    }
  },
  60_000,
);

test.skipIf(COMETBFT_MISSING)(
  `parameters hold from the next block on, and a version that no program knows stops the node at its height${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 1);
    const [node] = network.nodes as [NetworkNode];
    const govern = governing(network);
    try {
      await node.start();
      await govern(node, setParametersOf({ blockBytesMax: 2_097_152, blockTransactionsMax: 500 }));
      const { height } = await govern(node, issue());
      const fromHeight = height + 3;
      await govern(node, setParametersOf({ protocol: { version: 2, fromHeight } }));
      await govern(node, issue());
      const needs = `from height ${fromHeight} on the network needs version 2 of the protocol`;
      await expect.poll(node.stopped, UP).toContain(needs);
      expect(node.engine().refusesBecause()).toContain(needs);
      expect(node.store().head()!.height).toBe(fromHeight - 1);
      await node.stop();
      await expect(node.start()).rejects.toThrow(needs);
    } finally {
      await network.remove();
    }
  },
  60_000,
);

test.skipIf(COMETBFT_MISSING)(
  `a validator that runs twice is recorded by the ledger when its two votes differ${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const network = await makeTestNetwork(binary, 4);
    const [first, , , fourth] = network.nodes as [NetworkNode, NetworkNode, NetworkNode, NetworkNode];
    const govern = governing(network);
    const twin = await makeTwin(network, fourth, binary);
    try {
      await Promise.all([...network.nodes, twin].map(({ start }) => start()));
      const isRecorded = async (): Promise<boolean> => {
        // Where the two propose a block, what each has heard of is what differs.
        await Promise.all([govern(first, issue()), govern(fourth, issue()), govern(twin, issue())]);
        return recordedBy(first).length > 0;
      };
      await expect.poll(isRecorded, { timeout: 120_000, interval: 0 }).toBe(true);
      await untilSame(network.nodes);
      const [one] = recordedBy(first);
      const address = bytesToHex(addressOf(network.validators[3]!.publicKey));
      expect({ ...one, address: bytesToHex(one!.address) }).toMatchObject({
        ...{ kind: "duplicate-vote", validator: "node-3", address, power: 10, totalPower: 40 },
      });
      await govern(first, setValidatorsOf(...network.validators.slice(0, 3)));
    } finally {
      await Promise.all([...network.nodes, twin].map(({ stop }) => stop()));
    }
    try {
      await auditRegistry(readHome(first.parts.path), undefined, 0);
    } finally {
      rmSync(twin.parts.path, { recursive: true, force: true });
      await network.remove();
    }
  },
  240_000,
);

/** A second node with the validator key of another, as an operator makes it who restores a backup beside what still runs. */
async function makeTwin(network: TestNetwork, node: NetworkNode, binary: string): Promise<NetworkNode> {
  const { genesis } = readHome(node.parts.path);
  const path = makeTestHome(undefined, genesis);
  const folder = `${path}/consensus`;
  await makeConsensusHome(binary, folder);
  const key = "config/priv_validator_key.json";
  copyFileSync(`${node.parts.path}/consensus/${key}`, `${folder}/${key}`);
  writeConsensusGenesis(folder, consensusGenesisOf(genesis));
  const [port] = await freePorts(1);
  // The two are connected to one half of the others each.
  return networkNode({ binary, path, port: port!, peers: network.nodes[0]!.parts.peers.slice(0, 2) });
}

/** What the state of a node records of validators. */
function recordedBy(node: NetworkNode): readonly RecordedMisbehaviour[] {
  const reader = openStoredReader(readHome(node.parts.path));
  reader.head();
  const entries = reader.entriesFrom(misbehaviourKey(0, 0), 100);
  void reader.close();
  return entries.flatMap(({ value }) => decodeMisbehaviour(new Uint8Array(value)) ?? []);
}
