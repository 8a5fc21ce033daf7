import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { networkOf } from "@cityroot/core/genesis";
import { accept } from "@cityroot/core/outcome";
import type { Validator } from "@cityroot/core/state/validators";
import { readHome } from "../../home/home.ts";
import { printHostPort } from "../../home/host-port.ts";
import { openLogger } from "../../logger.ts";
import { startSignaturePool } from "../../signature/signature-pool.ts";
import type { SnapshotPlan } from "../../snapshot/take-snapshots.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import type { RegistryStore } from "../../store/registry-store.ts";
import { makeTestHome, STORED_GENESIS } from "../embedded/stored-node.testing.ts";
import type { Engine } from "../engine.ts";
import { ensureGenesis } from "../open-ledger.ts";
import {
  type ConsensusIdentity,
  consensusGenesisOf,
  makeConsensusHome,
  writeConsensusGenesis,
} from "./comet-home.ts";
import { BUILT_COMETBFT } from "./find-cometbft.ts";
import { openCometEngine } from "./open-comet.ts";

// Where others rely on the tests, a CometBFT that is missing is a failure.
export const COMETBFT_MISSING: boolean = !existsSync(BUILT_COMETBFT) && process.env["CI"] === undefined;
export const WHY_NOT: string = COMETBFT_MISSING
  ? ' (not tried: CometBFT is not built, "npm run build:cometbft" does that)'
  : "";

const LOCAL = "127.0.0.1";

/** What a node of a network on this machine is started with, in this process or another. */
export type NetworkNodeParts = {
  readonly binary: string;
  readonly path: string;
  /** Address at which peers reach it; this machine's own if left out. */
  readonly host?: string;
  readonly port: number;
  readonly peers: readonly string[];
  /** Taken never if left out. */
  readonly snapshots?: SnapshotPlan;
  readonly retainBlocks?: number;
};

/** A node of a network on this machine, which can be stopped and started again. */
export type NetworkNode = {
  readonly parts: NetworkNodeParts;
  readonly engine: () => Engine;
  readonly store: () => RegistryStore;
  /** Why it stopped by itself; null while it runs. */
  readonly stopped: () => string | null;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** A network on this machine. */
export type TestNetwork = {
  readonly nodes: readonly NetworkNode[];
  /** Its id, for which transactions are signed. */
  readonly id: string;
  /** The validators of its genesis, in the order of the nodes. */
  readonly validators: readonly Validator[];
  readonly remove: () => Promise<void>;
};

/** Makes the homes of a network of so many validators, at the addresses that are given; none is started. */
export async function makeTestNetwork(
  binary: string,
  validators: number,
  hosts: readonly string[] = [],
): Promise<TestNetwork> {
  installNativeFunctions();
  const paths = Array.from({ length: validators }, () => mkdtempSync(`${tmpdir()}/cityroot-`));
  const ports = await freePorts(validators);
  const identities: ConsensusIdentity[] = [];
  for (const path of paths) identities.push(await makeConsensusHome(binary, `${path}/consensus`));
  const peers = identities.map(
    ({ nodeId }, at) => `${nodeId}@${printHostPort({ host: hosts[at] ?? LOCAL, port: ports[at]! })}`,
  );
  const named = identities.map(({ publicKey }, at) => ({ name: `node-${at}`, publicKey, power: 10 }));
  const genesis = { ...STORED_GENESIS, validators: named };
  for (const path of paths) {
    makeTestHome(path, genesis);
    writeConsensusGenesis(`${path}/consensus`, consensusGenesisOf(genesis));
  }
  const nodes = paths.map((path, at) => {
    const others = peers.filter((_, other) => other !== at);
    return networkNode({ binary, path, host: hosts[at] ?? LOCAL, port: ports[at]!, peers: others });
  });
  return {
    ...{ nodes, id: networkOf(genesis).id, validators: named },
    remove: async () => {
      await Promise.all(nodes.map(({ stop }) => stop()));
      for (const path of paths) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A node that is not started yet. `wrapStore` puts something between its engine and its store, such as a failing disk. */
export function networkNode(
  parts: NetworkNodeParts,
  wrapStore: (store: RegistryStore) => RegistryStore = (same) => same,
): NetworkNode {
  const { binary, path, host = LOCAL, port, peers, snapshots, retainBlocks } = parts;
  let running: { readonly engine: Engine; readonly store: RegistryStore } | undefined;
  let reason: string | null = null;
  const demand = (): NonNullable<typeof running> => {
    if (running === undefined) throw new Error("the node is not started");
    return running;
  };
  return {
    parts,
    engine: () => demand().engine,
    store: () => demand().store,
    stopped: () => reason,
    start: async () => {
      reason = null;
      const home = readHome(path);
      const store = await ensureGenesis(home);
      const opened = openCometEngine(home, wrapStore(store), {
        ...{ binary, folder: `${path}/consensus`, peers, allowsPrivatePeers: true, blockPauseMs: 100 },
        peerListen: { host, port },
        ...(snapshots !== undefined && { snapshots }),
        ...(retainBlocks !== undefined && { retainBlocks }),
        signatures: startSignaturePool(0),
        admit: () => accept(undefined),
        logger: openLogger("fatal", {}),
        onStop: (why) => {
          reason = why;
        },
      });
      const engine = await opened.catch(async (cause: unknown) => {
        await store.close();
        throw cause;
      });
      running = { engine, store };
    },
    stop: async () => {
      const ending = running;
      running = undefined;
      await ending?.engine.close();
      await ending?.store.close();
    },
  };
}

/** Ports of this machine on which nothing listens just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ports.push((server.address() as { port: number }).port);
  }
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  return ports;
}
