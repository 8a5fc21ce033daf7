import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTcpServer } from "node:net";
import { fileURLToPath } from "node:url";
import { zstdCompressSync } from "node:zlib";
import type { Code } from "@cityroot/codes/ma/code";
import { networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf } from "@cityroot/core/ledger.testing";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createServer } from "../../api/server.ts";
import { auditRegistry } from "../../audit/audit-registry.ts";
import { readHome } from "../../home/home.ts";
import { openLogger } from "../../logger.ts";
import { openFolderPayloadStore } from "../../payload/folder-payload-store.ts";
import { PROCESS_FLAGS } from "../../process-flags.ts";
import { makeTestHome, NATION, openStoredReader, signTransaction } from "../embedded/stored-node.testing.ts";
import { makeConsensusHome } from "./comet-home.ts";
import {
  COMETBFT_MISSING,
  freePorts,
  makeTestNetwork,
  type NetworkNode,
  networkNode,
  WHY_NOT,
} from "./comet-network.testing.ts";
import { findCometBft } from "./find-cometbft.ts";
import { consensusAddressOf, findTrust } from "./find-trust.ts";
import { type JoinOptions, joinNetwork } from "./join-network.ts";

const codeOf = (serial: number): Code => `MA.156.1301.02/60.10000000.1/${serial}` as Code;

/** The network of a node's home. */
const networkIn = (path: string): string => networkOf(readHome(path).genesis).id;

/** Issues codes one block after the other. */
async function issueAll(node: NetworkNode, from: number, to: number): Promise<void> {
  const network = networkIn(node.parts.path);
  let refusals = 0;
  for (let serial = from; serial < to; ) {
    const operations = [issueOf(codeOf(serial))];
    const [result] = await node
      .engine()
      .submit([signTransaction(NATION, operations, { lastHeight: 1_000, nonce: serial, network })]);
    if (result!.outcome.ok) serial += 1;
    else if (result!.outcome.rejection.name !== "NODE_UNAVAILABLE" || ++refusals > 200)
      throw new Error(JSON.stringify(result!.outcome.rejection));
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Serves the HTTP interface of a node that runs. */
async function serve({ parts, engine }: NetworkNode) {
  const home = readHome(parts.path);
  const reader = openStoredReader(home);
  const payloads = openFolderPayloadStore(home.payloadFolder);
  const logger = openLogger("fatal", {});
  const server = await createServer({ reader, engine: engine(), payloads, logger, clock: Date.now });
  const address = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    address,
    close: async () => {
      await server.close();
      payloads.close();
      await reader.close();
    },
  };
}

/** A home of a node that has nothing but its keys and the network's genesis. */
async function makeNewHome(binary: string, of: NetworkNode): Promise<string> {
  const path = makeTestHome(undefined, readHome(of.parts.path).genesis);
  await makeConsensusHome(binary, `${path}/consensus`);
  copyFileSync(`${of.parts.path}/consensus/config/genesis.json`, `${path}/consensus/config/genesis.json`);
  return path;
}

/** Joins in a process that is killed as soon as it makes a store. */
async function killWhileJoining(path: string, options: Omit<JoinOptions, "logger">): Promise<void> {
  const program = fileURLToPath(new URL("./join-process.testing.ts", import.meta.url));
  const child = spawn(process.execPath, [...PROCESS_FLAGS, program, path, JSON.stringify(options)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(child, "exit");
  const look = setInterval(() => {
    if (existsSync(`${path}/data.joining`)) child.kill("SIGKILL");
  }, 1);
  const [, signal] = await ended;
  clearInterval(look);
  expect(signal).toBe("SIGKILL");
  // Its CometBFT ends with it, and gives its port back.
  const isFree = () => isPortFree(options.peerListen.port);
  await expect.poll(isFree, { timeout: 20_000 }).toBe(true);
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createTcpServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

test.skipIf(COMETBFT_MISSING)(
  `a node joins by a snapshot, shows old codes and takes part, and forgets what a kill left half${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const network = await makeTestNetwork(binary, 3);
    const nodes = network.nodes.map(({ parts }) =>
      networkNode({ ...parts, snapshots: { everyBlocks: 4, keep: 2 }, retainBlocks: 2 }),
    );
    const closers: (() => Promise<void>)[] = [];
    try {
      await Promise.all(nodes.map(({ start }) => start()));
      closers.push(...nodes.map(({ stop }) => stop));
      await issueAll(nodes[0]!, 1, 12);
      const servers = await Promise.all(nodes.slice(0, 2).map(serve));
      closers.unshift(...servers.map(({ close }) => close));
      const addresses = servers.map(({ address }) => address);
      await expect.poll(() => readdirSync(`${nodes[0]!.parts.path}/snapshots`).length).toBeGreaterThan(0);
      await issueAll(nodes[1]!, 12, 16);

      const path = await makeNewHome(binary, nodes[0]!);
      closers.push(async () => rmSync(path, { recursive: true, force: true }));
      const [port] = await freePorts(1);
      const peers = nodes[2]!.parts.peers;
      const trust = await findTrust(addresses, network.id);
      // CometBFT forgot what lies before the oldest snapshot; the ledger did not.
      await expect(findTrust(addresses, network.id, 1)).rejects.toThrow("gives no block 1");
      expect(nodes[0]!.store().readBlock(1)).toBeDefined();
      const optionsWith = (trustHash: string): Omit<JoinOptions, "logger"> => ({
        ...{ binary, folder: `${path}/consensus`, peers, allowsPrivatePeers: true, blockPauseMs: 100 },
        peerListen: { host: "127.0.0.1", port: port! },
        stateSync: {
          ...{ rpcServers: addresses.map(consensusAddressOf), trustHeight: trust.height, trustHash },
          trustPeriodMs: 1_000_000_000_000,
        },
      });
      const joining = (trustHash: string) =>
        joinNetwork(readHome(path), { ...optionsWith(trustHash), logger });
      // Two of three keep what is not in the snapshot any more: whoever gets it from them asks another.
      for (const { parts } of nodes.slice(1)) {
        for (const height of readdirSync(`${parts.path}/snapshots`))
          writeFileSync(
            `${parts.path}/snapshots/${height}/chunk-0`,
            zstdCompressSync(Buffer.from("other rows")),
          );
      }
      const lines: string[] = [];
      const logger = pino({ level: "debug" }, { write: (line) => void lines.push(line) });
      await killWhileJoining(path, optionsWith(trust.hash));
      expect(existsSync(`${path}/joining`)).toBe(true);
      await expect(joining("0".repeat(64))).rejects.toThrow(/expected header's hash 0{64}/);
      await joining(trust.hash);
      expect(existsSync(`${path}/joining`)).toBe(false);
      expect(lines.filter((line) => line.includes("a chunk was taken"))).toHaveLength(1);
      const refused = lines.filter((line) => line.includes("is not the one that the snapshot names"));
      expect(refused.length).toBeLessThan(3);
      expect(readdirSync(path).filter((name) => name.startsWith("data"))).toEqual(["data"]);
      const restored = await auditRegistry(readHome(path), undefined, 0);
      expect(restored.height).toBeGreaterThan(3);
      // Joining is once.
      await joining(trust.hash);

      const joined = networkNode({ binary, path, port: port!, peers });
      await joined.start();
      closers.unshift(joined.stop);
      await issueAll(joined, 16, 18);
      const root = (node: NetworkNode) => bytesToHex(node.store().head()!.stateRoot);
      await expect.poll(() => root(joined) === root(nodes[0]!), { timeout: 20_000 }).toBe(true);
      const reader = openStoredReader(readHome(path));
      const other = openStoredReader(readHome(nodes[0]!.parts.path));
      for (const serial of [1, 5, 17, 999]) {
        const show = (of: typeof reader) => proveAnswer(of.source, codeOf(serial), of.head()).runs;
        expect(show(reader), `code ${serial}`).toEqual(show(other));
      }
      await reader.close();
      await other.close();
      expect(joined.stopped()).toBeNull();
    } finally {
      for (const close of closers) await close();
      await network.remove();
    }
  },
  180_000,
);

test.skipIf(COMETBFT_MISSING)(
  `a node joins a network that is too young for a snapshot with its first block${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const network = await makeTestNetwork(binary, 3);
    const closers: (() => Promise<void>)[] = [];
    try {
      await Promise.all(network.nodes.map(({ start }) => start()));
      closers.push(...network.nodes.map(({ stop }) => stop));
      await issueAll(network.nodes[0]!, 1, 4);
      const servers = await Promise.all(network.nodes.slice(0, 2).map(serve));
      closers.unshift(...servers.map(({ close }) => close));
      const addresses = servers.map(({ address }) => address);
      const path = await makeNewHome(binary, network.nodes[0]!);
      closers.push(async () => rmSync(path, { recursive: true, force: true }));
      const [port] = await freePorts(1);
      const { height, hash } = await findTrust(addresses, network.id);
      const { peers } = network.nodes[2]!.parts;
      const lines: string[] = [];
      const options: JoinOptions = {
        ...{ binary, folder: `${path}/consensus`, peers, allowsPrivatePeers: true, blockPauseMs: 100 },
        peerListen: { host: "127.0.0.1", port: port! },
        stateSync: {
          ...{ rpcServers: addresses.map(consensusAddressOf), trustHeight: height, trustHash: hash },
          trustPeriodMs: 1_000_000_000_000,
        },
        offerMsMax: 2_000,
        logger: pino({ level: "info" }, { write: (line) => void lines.push(line) }),
      };
      const stopped = joinNetwork(readHome(path), { ...options, signal: AbortSignal.timeout(1_000) });
      await expect(stopped).rejects.toThrow("timeout");
      expect(existsSync(`${path}/joining`)).toBe(true);
      await joinNetwork(readHome(path), options);
      expect(lines.at(-1)).toContain("no peer has a snapshot");
      expect(existsSync(`${path}/joining`)).toBe(false);

      const joined = networkNode({ binary, path, port: port!, peers });
      await joined.start();
      closers.unshift(joined.stop);
      await issueAll(joined, 4, 6);
      const root = (node: NetworkNode) => bytesToHex(node.store().head()!.stateRoot);
      await expect.poll(() => root(joined) === root(network.nodes[0]!), { timeout: 20_000 }).toBe(true);
      expect(joined.store().readBlock(1)).toEqual(network.nodes[0]!.store().readBlock(1));
    } finally {
      for (const close of closers) await close();
      await network.remove();
    }
  },
  120_000,
);
