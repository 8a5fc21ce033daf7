import { renameSync, rmSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { decodeBlock } from "@cityroot/core/block";
import { networkOf } from "@cityroot/core/genesis";
import { issueOf } from "@cityroot/core/ledger.testing";
import { decodeTransaction } from "@cityroot/core/transaction";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import { blockExecutor } from "@cityroot/node/engine/cometbft/block-executor";
import {
  COMETBFT_MISSING,
  makeTestNetwork,
  type NetworkNode,
  type TestNetwork,
  WHY_NOT,
} from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { ensureGenesis, openStoredLedger } from "@cityroot/node/engine/open-ledger";
import { readHome } from "@cityroot/node/home/home";
import { openRegistryStore } from "@cityroot/node/store/registry-store";
import { afterEach, expect, test } from "vitest";
import { checkHistories, headOf, untilAtRest, untilSame } from "./network-history.testing.ts";
import { killValidators, startValidator, type Validator } from "./validators.testing.ts";

// Goal: a validator that comes to another state than the others stops and says what differs, where, and the others go on.
// Method: one that runs another program, which differs at one block; and one whose store was exchanged, while it was down,
// for one that is sound in itself and holds another history of the same height.

const removals: (() => unknown)[] = [];
afterEach(async () => {
  await killValidators();
  for (const remove of removals.splice(0).reverse()) await remove();
});

const UP = { timeout: 30_000, interval: 50 };
const HASH = "[0-9A-F]{64}";

type Issuing = {
  readonly acknowledged: Map<number, number>;
  /** Issues a code at a validator, as soon as it takes anything. */
  readonly issue: (validator: Validator) => Promise<void>;
};

async function openNetwork(): Promise<TestNetwork & Issuing> {
  const network = await makeTestNetwork(await findCometBft(), 4);
  removals.push(network.remove);
  const acknowledged = new Map<number, number>();
  let serial = 0;
  const issue = async (validator: Validator): Promise<void> => {
    serial += 1;
    const own = serial;
    const isDecided = async (): Promise<boolean> => {
      const [height] = await validator.issue(own);
      if (typeof height === "number") acknowledged.set(own, height);
      return acknowledged.has(own);
    };
    await expect.poll(isDecided, UP).toBe(true);
  };
  return { ...network, acknowledged, issue };
}

/** What a node says that stands at a block with a hash of its own, as a pattern: the first hash is its own. */
async function sayingOf(node: NetworkNode, why: string): Promise<RegExp> {
  const { height, consensusHeight } = await headOf(node);
  const standing = `block ${consensusHeight} of the consensus, which is block ${height} of the ledger`;
  return new RegExp(`^${why}; this node stands at ${standing}, with the app hash \\1$`);
}

test.skipIf(COMETBFT_MISSING)(
  `a validator that comes to another state stops and says what differs, and the others go on${WHY_NOT}`,
  async () => {
    const { nodes, acknowledged, issue } = await openNetwork();
    const validators = await Promise.all(nodes.map((node) => startValidator(node)));
    const [first, second, third, fourth] = validators as [Validator, Validator, Validator, Validator];
    for (const validator of validators) await issue(validator);
    await untilAtRest(nodes);
    await fourth.close();

    const giveBack = await exchangeStore(fourth.node);
    expect((await headOf(fourth.node)).stateRoot).not.toBe((await headOf(first.node)).stateRoot);
    const exchanged = await startValidator(fourth.node);
    await expect.poll(exchanged.reason, UP).not.toBeNull();
    expect(await exchanged.reason()).toMatch(
      await sayingOf(
        fourth.node,
        `CometBFT ended with 2: .*AppHash.*Got (${HASH}), expected (?!\\1)${HASH}\\.`,
      ),
    );
    await issue(first);
    await exchanged.close();
    giveBack();

    const preload = new URL("./other-program.ts", import.meta.url);
    process.env["CITYROOT_OTHER_FROM"] = String((await headOf(first.node)).height + 2);
    const other = await startValidator(fourth.node, { preload });
    await untilSame(nodes);
    expect(await other.reason()).toBeNull();
    for (const validator of [second, third, first]) await issue(validator);
    await expect.poll(other.reason, UP).not.toBeNull();
    expect(await other.reason()).toMatch(
      await sayingOf(
        fourth.node,
        `CometBFT decides on no more blocks: .*AppHash.*Expected (${HASH}), got (?!\\1)${HASH}`,
      ),
    );
    await issue(second);
    for (const validator of [first, second, third]) expect(await validator.reason()).toBeNull();
    await untilSame(nodes.slice(0, 3));
    await Promise.all([first, second, third, other].map(({ close }) => close()));
    await checkHistories(nodes.slice(0, 3), acknowledged);
  },
  180_000,
);

/**
 * Puts a store in the place of a node's that differs in one transaction and in nothing that can be told without others. Gives
 * what puts the first one back.
 */
async function exchangeStore({ parts }: NetworkNode): Promise<() => void> {
  const home = readHome(parts.path);
  renameSync(home.dataFolder, `${home.dataFolder}.before`);
  const before = openRegistryStore(`${home.dataFolder}.before`, { readOnly: true });
  const store = await ensureGenesis(home);
  const ledger = openStoredLedger(home, store);
  const executor = blockExecutor(ledger, store);
  for (let height = 1; height <= before.head()!.height; height++) {
    const block = decodeBlock(before.readBlock(height)!)!;
    const own = signTransaction(NATION, [issueOf("MA.156.1301.02/60.10000000.1/other" as Code)], {
      ...{ network: networkOf(home.genesis).id, lastHeight: 1_000, nonce: 7_777 },
    });
    const transactions = (height === 2 ? [own] : block.transactions).map((bytes) => {
      const decoded = decodeTransaction(bytes);
      if (!decoded.ok) throw new Error(decoded.rejection.detail);
      return { bytes, transaction: decoded.value };
    });
    const digest = new Uint8Array(32).fill(height);
    executor.finalize({
      consensusHeight: height,
      digest,
      timeMs: block.timeMs,
      transactions,
      misbehaviour: [],
    });
    await executor.commit();
  }
  await store.writeConsensusHeight(before.consensusHeight());
  await executor.close();
  await store.close();
  await before.close();
  await auditRegistry(home, undefined, 0);
  return () => {
    rmSync(home.dataFolder, { recursive: true, force: true });
    renameSync(`${home.dataFolder}.before`, home.dataFolder);
  };
}
