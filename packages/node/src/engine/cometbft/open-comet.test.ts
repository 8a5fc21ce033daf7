import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf } from "@cityroot/core/ledger.testing";
import { expect, test } from "vitest";
import { NATION, signTransaction } from "../embedded/stored-node.testing.ts";
import type { SubmitResult } from "../engine.ts";
import {
  COMETBFT_MISSING,
  makeTestNetwork,
  type NetworkNode,
  type TestNetwork,
  WHY_NOT,
} from "./comet-network.testing.ts";
import { findCometBft } from "./find-cometbft.ts";

/** Makes transactions that issue a code of a serial each, for a network. */
function issuing({ id }: TestNetwork): (serial: number) => Uint8Array {
  return (serial) =>
    signTransaction(NATION, [issueOf(`MA.156.1301.02/60.10000000.1/${serial}` as Code)], {
      ...{ network: id, lastHeight: 1_000, nonce: serial },
    });
}

/** Submits as soon as the node takes anything: its consensus may still be starting. */
async function submit(
  node: NetworkNode,
  transactions: readonly Uint8Array[],
): Promise<readonly SubmitResult[]> {
  let last = "";
  for (let attempt = 0; attempt < 30; attempt++) {
    const results = await node.engine().submit(transactions);
    last = JSON.stringify(results.map(({ outcome }) => outcome));
    const isUp = results.every(({ outcome }) => outcome.ok || outcome.rejection.name !== "NODE_UNAVAILABLE");
    if (isUp) return results;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the node takes nothing: ${last}`);
}

const rootOf = (node: NetworkNode): string => bytesToHex(node.store().head()!.stateRoot);

async function untilSame(nodes: readonly NetworkNode[]): Promise<void> {
  await expect.poll(() => new Set(nodes.map(rootOf)).size, { timeout: 20_000, interval: 50 }).toBe(1);
}

const hasIPv6 = networkInterfaces()["lo"]?.some(({ address }) => address === "::1") === true;

test.skipIf(COMETBFT_MISSING || !hasIPv6)(
  `nodes reach each other at addresses of IPv6${WHY_NOT}${hasIPv6 ? "" : " (skipped: this machine has none)"}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 2, ["::1", "::1"]);
    const issue = issuing(network);
    const [first, second] = network.nodes as [NetworkNode, NetworkNode];
    try {
      await Promise.all([first.start(), second.start()]);
      // Both votes are needed.
      expect((await submit(first, [issue(1)])).map(({ outcome }) => outcome.ok)).toEqual([true]);
      await untilSame([first, second]);
    } finally {
      await network.remove();
    }
  },
  60_000,
);

test.skipIf(COMETBFT_MISSING)(
  `a node starts whose CometBFT was killed while it made its databases${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 1);
    const [node] = network.nodes as [NetworkNode];
    try {
      const database = `${node.parts.path}/consensus/data/blockstore.db`;
      mkdirSync(database);
      // As goleveldb leaves it.
      for (const file of ["LOCK", "LOG", "MANIFEST-000000"]) writeFileSync(`${database}/${file}`, "");
      await node.start();
      expect((await submit(node, [issuing(network)(1)])).map(({ outcome }) => outcome.ok)).toEqual([true]);
    } finally {
      await network.remove();
    }
  },
  60_000,
);

test.skipIf(COMETBFT_MISSING)(
  `one node decides, and goes on where it was when it is started again${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 1);
    const issue = issuing(network);
    const [node] = network.nodes;
    try {
      await node!.start();
      const first = await submit(node!, [issue(1), issue(2), issue(1)]);
      expect(first.map(({ outcome }) => outcome.ok)).toEqual([true, true, true]);
      const places = first.map(({ outcome }) => (outcome.ok ? outcome.value : null));
      expect(places[0]).toEqual(places[2]);
      const [again] = await submit(node!, [issue(1)]);
      expect(again!.outcome).toEqual(first[0]!.outcome);
      const [taken] = await submit(node!, [
        signTransaction(NATION, [issueOf("MA.156.1301.02/60.10000000.1/1" as Code)], {
          ...{ network: network.id, lastHeight: 1_000, nonce: 99 },
        }),
      ]);
      expect(taken!.outcome.ok ? "" : taken!.outcome.rejection.name).toBe("CODE_TAKEN");
      const bad = issue(3);
      bad[bad.length - 1]! ^= 1;
      const [refused, malformed] = await submit(node!, [bad, new Uint8Array([1])]);
      expect(refused!.outcome.ok ? "" : refused!.outcome.rejection.name).toBe("SIGNATURE_INVALID");
      expect(malformed!.outcome.ok ? "" : malformed!.outcome.rejection.name).toBe("TRANSACTION_MALFORMED");
      const root = rootOf(node!);
      await node!.stop();
      await node!.start();
      expect(rootOf(node!)).toBe(root);
      expect((await submit(node!, [issue(2)]))[0]!.outcome).toEqual(first[1]!.outcome);
      expect((await submit(node!, [issue(4)]))[0]!.outcome.ok).toBe(true);
      expect(node!.stopped()).toBeNull();
    } finally {
      await network.remove();
    }
  },
  60_000,
);

test.skipIf(COMETBFT_MISSING)(
  `four nodes agree; three go on without the fourth, which catches up${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    const { nodes } = network;
    const issue = issuing(network);
    try {
      await Promise.all(nodes.map(({ start }) => start()));
      for (const [at, node] of nodes.entries()) {
        const results = await submit(node, [issue(10 * at), issue(10 * at + 1)]);
        expect(results.every(({ outcome }) => outcome.ok)).toBe(true);
      }
      await untilSame(nodes);
      await nodes[3]!.stop();
      expect((await submit(nodes[0]!, [issue(100)]))[0]!.outcome.ok).toBe(true);
      expect((await submit(nodes[1]!, [issue(101)]))[0]!.outcome.ok).toBe(true);
      await nodes[3]!.start();
      await untilSame(nodes);
      expect(nodes.map(({ stopped }) => stopped())).toEqual([null, null, null, null]);
    } finally {
      await network.remove();
    }
  },
  120_000,
);

test.skipIf(COMETBFT_MISSING)(
  `what was taken before others were there to hear of it is decided${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    const issue = issuing(network);
    const [first, second, third, fourth] = network.nodes;
    try {
      await Promise.all([first!.start(), second!.start()]);
      const isTaken = async (): Promise<boolean> => {
        const [result] = await first!.engine().take([issue(1)]);
        return result!.outcome.ok;
      };
      await expect.poll(isTaken, { timeout: 20_000, interval: 50 }).toBe(true);
      // While these look for blocks to fetch, they pass over what they are sent, and would propose nothing.
      await Promise.all([third!.start(), fourth!.start()]);
      const [decided] = await first!.engine().submit([issue(1)]);
      expect(decided!.outcome).toMatchObject({ ok: true, value: { height: 1, index: 0 } });
      await untilSame(network.nodes);
    } finally {
      await network.remove();
    }
  },
  90_000,
);

/** Kills the CometBFT of a node, if it runs just now. */
const killConsensus = ({ parts }: NetworkNode): void => {
  spawnSync("pkill", ["-KILL", "-f", `start --home ${parts.path}/consensus`]);
};

test.skipIf(COMETBFT_MISSING)(
  `a CometBFT that is killed is started again, and where that happens time after time the node says so${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 1);
    const issue = issuing(network);
    const [node] = network.nodes;
    try {
      await node!.start();
      await submit(node!, [issue(1)]);
      const root = rootOf(node!);
      const underWay = node!.engine().submit([issue(2)]);
      killConsensus(node!);
      const [lost] = await underWay;
      if (!lost!.outcome.ok) expect(lost!.outcome.rejection.name).toBe("NODE_UNAVAILABLE");
      expect(node!.engine().refusesBecause()).toBeNull();
      expect((await submit(node!, [issue(1), issue(2), issue(3)])).every(({ outcome }) => outcome.ok)).toBe(
        true,
      );
      expect(rootOf(node!)).not.toBe(root);

      const isGivenUp = (): string | null => {
        killConsensus(node!);
        return node!.stopped();
      };
      await expect
        .poll(isGivenUp, { timeout: 30_000, interval: 100 })
        .toMatch(/^CometBFT ended by SIGKILL.* 6 in a row; this node stands at block /);
      const [refused] = await node!.engine().submit([issue(4)]);
      expect(refused!.outcome.ok ? "" : refused!.outcome.rejection.name).toBe("NODE_UNAVAILABLE");
      await node!.stop();
      await node!.start();
      expect((await submit(node!, [issue(1), issue(4)])).every(({ outcome }) => outcome.ok)).toBe(true);
    } finally {
      await network.remove();
    }
  },
  60_000,
);

test.skipIf(COMETBFT_MISSING)(
  `with two of four away nothing is decided; it is when one comes back${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    const { nodes } = network;
    const issue = issuing(network);
    try {
      await Promise.all(nodes.map(({ start }) => start()));
      await submit(nodes[0]!, [issue(1)]);
      await untilSame(nodes);
      const before = rootOf(nodes[0]!);
      await Promise.all([nodes[2]!.stop(), nodes[3]!.stop()]);
      const undecided = nodes[0]!.engine().submit([issue(2)]);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect([rootOf(nodes[0]!), rootOf(nodes[1]!)]).toEqual([before, before]);
      await nodes[2]!.start();
      expect((await undecided)[0]!.outcome.ok).toBe(true);
      await nodes[3]!.start();
      await untilSame(nodes);
      expect(rootOf(nodes[3]!)).not.toBe(before);
    } finally {
      await network.remove();
    }
  },
  120_000,
);
