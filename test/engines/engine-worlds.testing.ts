import { rmSync } from "node:fs";
import { type Genesis, networkOf } from "@cityroot/core/genesis";
import { issueOf } from "@cityroot/core/ledger.testing";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import { makeTestNetwork } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import {
  makeTestHome,
  NATION,
  openStoredNode,
  openStoredReader,
  STORED_GENESIS,
  signTransaction,
} from "@cityroot/node/engine/embedded/stored-node.testing";
import type { Engine } from "@cityroot/node/engine/engine";
import { type Home, readHome } from "@cityroot/node/home/home";
import { memoryRegistry } from "@cityroot/node/registry.testing";
import type { RegistryReader } from "@cityroot/node/resolver/registry-reader";

/** A registry of an engine, from its genesis on. */
export type EngineWorld = {
  readonly genesis: Genesis;
  /** Its id, for which transactions are signed. */
  readonly network: string;
  readonly policy: Policy;
  readonly engine: () => Engine;
  readonly reader: () => RegistryReader;
  /** Stops the engine and starts it again over what it kept; null where it keeps nothing. */
  readonly restart: (() => Promise<void>) | null;
  /** The home that it keeps itself in; null where it keeps nothing. */
  readonly home: Home | null;
  /** Stops the engine, and leaves what it kept. */
  readonly stop: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** What a world may begin with. */
export type WorldOptions = {
  readonly genesis?: Genesis;
  /** Time of the next block, in milliseconds since 1970-01-01 UTC. */
  readonly clock?: () => number;
};

/** A registry in memory. Its blocks are a second apart unless a clock is given. */
export async function openMemoryWorld({
  genesis = STORED_GENESIS,
  clock,
}: WorldOptions): Promise<EngineWorld> {
  const { engine, reader, policy } = memoryRegistry(genesis, clock);
  return {
    ...{ genesis, network: networkOf(genesis).id, policy },
    engine: () => engine,
    reader: () => reader,
    restart: null,
    home: null,
    stop: engine.close,
    remove: async () => {},
  };
}

/** A registry of the engine that decides alone. */
export async function openEmbeddedWorld({
  genesis = STORED_GENESIS,
  clock = Date.now,
}: WorldOptions): Promise<EngineWorld> {
  const path = makeTestHome(undefined, genesis);
  let node = await openStoredNode(path, { clock });
  let isOpen = true;
  const stop = async (): Promise<void> => {
    if (isOpen) await node.close();
    isOpen = false;
  };
  return {
    ...{ genesis, network: networkOf(genesis).id, policy: node.policy },
    engine: () => node.engine,
    reader: () => node.reader,
    restart: async () => {
      await stop();
      node = await openStoredNode(path, { clock });
      isOpen = true;
    },
    home: node.home,
    stop,
    remove: async () => {
      await stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A registry that CometBFT decides on, with one validator. Its blocks' times are the real ones. */
export async function openCometWorld(): Promise<EngineWorld> {
  const network = await makeTestNetwork(await findCometBft(), 1);
  const node = network.nodes[0]!;
  const home = readHome(node.parts.path);
  const policy = readPolicy(home.policy);
  if (!policy.ok) throw new Error(policy.fault.field);
  let reader: RegistryReader | undefined;
  const start = async (): Promise<void> => {
    await node.start();
    await untilItDecides(node.engine(), network.id);
    reader = openStoredReader(home);
  };
  const stop = async (): Promise<void> => {
    await reader?.close();
    reader = undefined;
    await node.stop();
  };
  await start();
  return {
    ...{ genesis: home.genesis, network: network.id, policy: policy.value },
    engine: node.engine,
    reader: () => reader!,
    restart: async () => {
      await stop();
      await start();
    },
    home,
    stop,
    remove: async () => {
      await stop();
      await network.remove();
    },
  };
}

const START_MS_MAX = 30_000;
let probes = 0;

/** Waits until a starting consensus answers: with what no block ever takes in. */
export async function untilItDecides(engine: Engine, network: string): Promise<void> {
  const operations = [issueOf("MA.999.1/60.10000000.1/1")];
  for (const until = performance.now() + START_MS_MAX; performance.now() < until; ) {
    probes += 1;
    const bytes = signTransaction(NATION, operations, { network, lastHeight: 10_000, nonce: 1e9 + probes });
    const [result] = await engine.submit([bytes]);
    const { outcome } = result!;
    if (!outcome.ok && outcome.rejection.name !== "NODE_UNAVAILABLE") return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the consensus did not decide within ${START_MS_MAX} ms`);
}
