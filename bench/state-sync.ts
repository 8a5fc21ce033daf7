// How long a node that joins a network of four takes by a snapshot until it serves proofs of its own, at growing numbers of
// records; what a snapshot costs; and how the disk grows. Alone:
// npx node --conditions=source bench/state-sync.ts [--sizes 20000,100000,1000000]
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { encodeCbor } from "@cityroot/core/cbor";
import { networkOf } from "@cityroot/core/genesis";
import { readPolicy } from "@cityroot/core/log/witness-policy";
import type { Operation } from "@cityroot/core/operation/operation";
import { accept } from "@cityroot/core/outcome";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import {
  type ConsensusIdentity,
  makeConsensusHome,
  writeConsensusGenesis,
} from "@cityroot/node/engine/cometbft/comet-home";
import { freePorts } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { findTrust } from "@cityroot/node/engine/cometbft/find-trust";
import { movedGenesisOf } from "@cityroot/node/engine/cometbft/moved-genesis";
import { openEmbeddedEngine } from "@cityroot/node/engine/embedded/open-embedded";
import { ensureGenesis } from "@cityroot/node/engine/open-ledger";
import { defaultConsensus, type StateSyncConfig } from "@cityroot/node/home/consensus-config";
import { createHome, readHome } from "@cityroot/node/home/home";
import { verifyNative } from "@cityroot/node/signature/native-ed25519";
import { startSignaturePool } from "@cityroot/node/signature/signature-pool";
import { writeSnapshot } from "@cityroot/node/snapshot/write-snapshot";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";
import { openRegistryStore } from "@cityroot/node/store/registry-store";
import { type Figure, tableOf } from "./figure.ts";
import { fill, OPERATIONS_PER_TRANSACTION } from "./fill.ts";
import { codeOf, GENESIS, issueOf, newHome, signed } from "./fixture.ts";
import { type BenchServer, startServer } from "./server.ts";

const VALIDATORS = 4;
/** So often that a measurement need not wait for long. */
const EVERY_BLOCKS = 10;
const BLOCK_PAUSE_MS = 100;
const WAIT_MS_MAX = 600_000;
const MB = 1_048_576;
/** Until which block a transaction may enter: none of these networks has so many. */
const LAST_HEIGHT = 10_000;

/** A network that began with the records of a home. */
type BenchNetwork = {
  readonly folder: string;
  readonly binary: string;
  readonly peers: readonly string[];
  readonly homes: readonly string[];
  readonly servers: readonly BenchServer[];
  readonly close: () => Promise<void>;
};

/** Figures of one size: what is measured of a snapshot, and how long a node takes to join. */
export async function measureStateSync(records: number): Promise<readonly Figure[]> {
  const size = records >= 1_000_000 ? `${records / 1_000_000} M records` : `${records / 1_000} k records`;
  const home = newHome(0);
  await fill(home, 0, records);
  const snapshot = await measureSnapshot(home, size);
  const network = await startNetwork(home, records);
  try {
    await untilSnapshots(network, records);
    const seconds = await join(network, records);
    return [
      ...snapshot,
      {
        name: "a node joins by a snapshot, until it serves a proof that verifies",
        ...{ size, value: seconds, unit: "s", target: 60, atMost: true, note: "4 validators beside it" },
      },
    ];
  } finally {
    await network.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** What taking a snapshot takes, in one process. */
async function measureSnapshot(home: string, size: string): Promise<readonly Figure[]> {
  const folder = mkdtempSync(`${tmpdir()}/cityroot-bench-`);
  const { dataFolder } = readHome(home);
  const store = openRegistryStore(dataFolder, { readOnly: true });
  const begun = performance.now();
  const { streamBytes } = writeSnapshot(store, store.head()!, folder, 1);
  const seconds = (performance.now() - begun) / 1_000;
  await store.close();
  const packed = bytesBelow(folder);
  rmSync(folder, { recursive: true, force: true });
  return [
    { name: "a snapshot is taken beside the node", size, value: seconds, unit: "s" },
    { name: "rows of the snapshot", size, value: streamBytes / MB, unit: "MB" },
    { name: "the snapshot on disk and as it is sent", size, value: packed / MB, unit: "MB" },
  ];
}

/** Starts a network whose nodes all have the records of a home: as if each had imported its export. */
async function startNetwork(from: string, records: number): Promise<BenchNetwork> {
  const binary = await findCometBft();
  const folder = mkdtempSync(`${tmpdir()}/cityroot-bench-`);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const homes = Array.from({ length: VALIDATORS }, (_, at) => `${folder}/node-${at}`);
  const ports = await freePorts(VALIDATORS);
  const identities: ConsensusIdentity[] = [];
  for (const path of homes) identities.push(await makeConsensusHome(binary, `${path}/consensus`));
  const peers = identities.map(({ nodeId }, at) => `${nodeId}@127.0.0.1:${ports[at]}`);
  const validators = identities.map(({ publicKey }, at) => ({ name: `node-${at}`, publicKey, power: 10 }));
  await submitAlone(from, { type: "set-validators", validators });
  const genesis = await movedGenesisOf(readHome(from));
  for (const [at, path] of homes.entries()) {
    makeNode(path, ports[at]!, peers, null);
    cpSync(readHome(from).dataFolder, readHome(path).dataFolder, { recursive: true });
    writeConsensusGenesis(`${path}/consensus`, genesis);
  }
  const servers = await Promise.all(homes.map((path) => startServer(path, 0)));
  await submitAll(servers, [[issueOf(records)]]);
  return {
    ...{ folder, binary, peers, homes, servers },
    close: async () => {
      await Promise.all(servers.map((server) => server.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeNode(
  path: string,
  port: number,
  peers: readonly string[],
  stateSync: StateSyncConfig | null,
): void {
  createHome(path, GENESIS, {
    ...{ origin: "registry.bench/one", workers: 0, signatureProcesses: 0, logLevel: "error" },
    consensus: {
      ...defaultConsensus(),
      ...{ listen: { host: "127.0.0.1", port }, privatePeers: true, blockPauseMs: BLOCK_PAUSE_MS },
      peers: peers.filter((peer) => !peer.endsWith(`:${port}`)),
      ...{ snapshots: { everyBlocks: EVERY_BLOCKS, keep: 2 }, stateSync },
    },
  });
}

async function submitAlone(path: string, operation: Operation): Promise<void> {
  const home = readHome(path);
  const store = await ensureGenesis(home);
  const signatures = startSignaturePool(0);
  const engine = openEmbeddedEngine(home, store, {
    ...{ signatures, clock: Date.now, admit: () => accept(undefined) },
    ...{ onStop: () => {}, onClockBack: () => {} },
  });
  const [result] = await engine.submit([signed([operation], store.head()!.height + 10)]);
  if (!result!.outcome.ok) throw new Error(JSON.stringify(result!.outcome.rejection));
  await engine.close();
  signatures.close();
  await store.close();
}

/** Submits transactions, so many at once, and the next when these are durable. */
async function submitAll(
  servers: readonly BenchServer[],
  transactions: readonly (readonly Operation[])[],
  atOnce = 1,
): Promise<void> {
  for (let at = 0; at < transactions.length; at += atOnce) {
    const part = transactions.slice(at, at + atOnce).map((operations) => signed(operations, LAST_HEIGHT));
    const { address } = servers[(at / atOnce) % servers.length]!;
    const begun = performance.now();
    for (;;) {
      const response = await fetch(`${address}/v1/transactions`, {
        ...{ method: "POST", headers: { "content-type": "application/cbor" } },
        body: encodeCbor(part) as BodyInit,
      });
      const text = await response.text();
      if (response.status === 200 && !text.includes("NODE_UNAVAILABLE")) break;
      // The first meets nodes that have just been started.
      if (performance.now() - begun > 60_000) throw new Error(text);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Makes blocks until every node has a snapshot of one height, and the two blocks after it. */
async function untilSnapshots({ homes, servers }: BenchNetwork, records: number): Promise<void> {
  const begun = performance.now();
  const heights = (path: string): number[] =>
    existsSync(`${path}/snapshots`)
      ? readdirSync(`${path}/snapshots`)
          .filter((name) => /^[0-9]+$/.test(name))
          .map(Number)
      : [];
  // As many blocks as lead to the first, and no more: the next would be taken while the node joins.
  let next = records + 1;
  const issueSome = async (count: number): Promise<void> => {
    await submitAll(
      servers,
      Array.from({ length: count }, () => [issueOf(next++)]),
    );
  };
  await issueSome(EVERY_BLOCKS - 2);
  while (!homes.every((path) => heights(path).length > 0)) {
    if (performance.now() - begun > WAIT_MS_MAX) throw new Error("no snapshot was taken");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await issueSome(2);
}

/** Seconds from the start of a new node's process to a proof of it that verifies. */
async function join(network: BenchNetwork, records: number): Promise<number> {
  const { folder, binary, peers, homes, servers } = network;
  const path = `${folder}/joining`;
  const [port] = await freePorts(1);
  const addresses = servers.slice(0, 2).map(({ address }) => address);
  await makeConsensusHome(binary, `${path}/consensus`);
  cpSync(`${homes[0]}/consensus/config/genesis.json`, `${path}/consensus/config/genesis.json`);
  const begun = performance.now();
  const { height, hash } = await findTrust(addresses, networkOf(GENESIS).id);
  const sync = { servers: addresses, trustHeight: height, trustHash: hash, trustDays: 3_650 };
  makeNode(path, port!, peers, sync);
  const server = await startServer(path, 1);
  try {
    const code = codeOf(Math.floor(records / 2));
    const proof = await (await fetch(`${server.address}/v1/proofs/${code}`)).arrayBuffer();
    const policy = readPolicy(readHome(path).policy);
    if (!policy.ok) throw new Error(policy.fault.expected);
    const answer = verifyAnswer(new Uint8Array(proof), code, {
      ...{ policy: policy.value, verifySignature: verifyNative },
    });
    if (!answer.ok || answer.value.standing.kind !== "record") throw new Error(`${code} does not verify`);
    return (performance.now() - begun) / 1_000;
  } finally {
    await server.close();
  }
}

function bytesBelow(folder: string): number {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.reduce((sum, name) => {
    const stat = statSync(`${folder}/${name}`, { throwIfNoEntry: false });
    return sum + (stat?.isFile() === true ? stat.blocks * 512 : 0);
  }, 0);
}

/** What a million operations take on the disk of a node, by what keeps it. */
export async function measureGrowth(): Promise<readonly Figure[]> {
  const home = newHome(0);
  await fill(home, 0, OPERATIONS_PER_TRANSACTION);
  const network = await startNetwork(home, OPERATIONS_PER_TRANSACTION);
  let next = OPERATIONS_PER_TRANSACTION + 1;
  const issueMany = (transactions: number, operations: number): Operation[][] =>
    Array.from({ length: transactions }, () => Array.from({ length: operations }, () => issueOf(next++)));
  const [path] = network.homes as [string];
  const figures: Figure[] = [];
  try {
    for (const [transactions, operations, atOnce] of [
      [40, 1_000, 4],
      [8_000, 1, 1_000],
    ] as const) {
      const size = `${operations.toLocaleString("en-US").replaceAll(",", " ")} operations a transaction`;
      const sizes = (): [string, number][] => [
        ["the registry's store: records, history, log, blocks", bytesBelow(`${path}/data`)],
        ["CometBFT's blocks, until they are forgotten", bytesBelow(`${path}/consensus/data`)],
      ];
      const before = sizes();
      await submitAll(network.servers, issueMany(transactions, operations), atOnce);
      // CometBFT writes what it keeps a little later.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const perOperation = (bytes: number): number => bytes / (transactions * operations);
      for (const [at, [name, bytes]] of sizes().entries()) {
        const value = (perOperation(bytes - before[at]![1]) * 1_000_000) / MB;
        figures.push({ name: `growth on disk for a million issues, ${name}`, size, value, unit: "MB" });
      }
    }
    return figures;
  } finally {
    await network.close();
    rmSync(home, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { sizes: { type: "string", default: "20000,100000,1000000" }, growth: { type: "boolean" } },
  });
  installNativeFunctions();
  const figures: Figure[] = [];
  const report = (added: readonly Figure[]): void => {
    for (const { name, size, value, unit } of added)
      console.error(`${name} [${size}]: ${value.toFixed(2)} ${unit}`);
    figures.push(...added);
  };
  for (const records of values.sizes.split(",").filter(Boolean).map(Number))
    report(await measureStateSync(records));
  if (values.growth === true) report(await measureGrowth());
  console.log(tableOf(figures));
}
