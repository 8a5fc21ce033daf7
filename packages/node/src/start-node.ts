import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { networkOf } from "@cityroot/core/genesis";
import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import type { Network } from "@cityroot/core/state/network";
import type { Transaction } from "@cityroot/core/transaction";
import type { Logger } from "pino";
import { serveEngine } from "./api/engine-socket.ts";
import { SERVER_LIMITS } from "./api/limits.ts";
import { createMetrics } from "./api/metrics.ts";
import { createServer } from "./api/server.ts";
import { askWitnesses } from "./ask-witnesses.ts";
import { openDns } from "./dns/open-dns.ts";
import { awaitCosigned } from "./engine/await-cosigned.ts";
import type { CometOptions } from "./engine/cometbft/open-comet.ts";
import { openEmbeddedEngine } from "./engine/embedded/open-embedded.ts";
import type { Engine } from "./engine/engine.ts";
import { ensureGenesis } from "./engine/open-ledger.ts";
import type { LogLevel } from "./home/config.ts";
import { ConfigError } from "./home/config-field.ts";
import type { ConsensusConfig } from "./home/consensus-config.ts";
import type { DnsConfig } from "./home/dns-config.ts";
import { type Home, readHome } from "./home/home.ts";
import { lockHome } from "./home/home-lock.ts";
import { type Served, servedOf } from "./home/served.ts";
import { openLogger } from "./logger.ts";
import { openPayloads } from "./open-payloads.ts";
import { admitPayloads } from "./payload/admit-payloads.ts";
import type { PayloadStore } from "./payload/payload-store.ts";
import { openReader } from "./resolver/open-reader.ts";
import { startWorkers } from "./resolver/worker-pool.ts";
import { startSignaturePool } from "./signature/signature-pool.ts";
import { registerPathOf } from "./storage/open-keeper.ts";
import { readPayloadRegister } from "./storage/payload-register.ts";
import { startKeeping } from "./storage/start-keeping.ts";
import { installNativeFunctions } from "./store/native-functions.ts";
import type { RegistryStore } from "./store/registry-store.ts";
import { watchBlocks } from "./store/watch-blocks.ts";

/** What a caller decides beyond the home's configuration. */
export type NodeOptions = {
  readonly home: string;
  readonly listen?: { readonly host: string; readonly port: number };
  readonly workers?: number;
  readonly logLevel?: LogLevel;
  readonly publicUrl?: string;
  readonly dns?: DnsConfig;
  readonly handlePrefix?: string;
  /** Ends the waiting for a snapshot, while the node joins by one: throws its reason then. */
  readonly signal?: AbortSignal;
};

/** A running node. */
export type RunningNode = {
  /** Where it answers, such as `http://127.0.0.1:8787`. */
  readonly address: string;
  readonly network: Network;
  readonly policy: PolicyJson;
  /** For submitting without a round over HTTP, from the same process. */
  readonly engine: Engine;
  /** Takes no more, finishes what it took, and stops. */
  readonly close: () => Promise<void>;
};

/** Starts the node of a home: the engine here, the resolvers in processes of their own. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  installNativeFunctions();
  const home = readHome(options.home);
  const logLevel = options.logLevel ?? home.config.logLevel;
  const logger = openLogger(logLevel, { process: "engine", pid: process.pid });
  const closers: (() => unknown)[] = [lockHome(home.path)];
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    // Whatever cannot be closed keeps nothing else open, least of all the lock.
    for (const close of closers.splice(0).reverse()) {
      try {
        await close();
      } catch (cause) {
        failures.push(cause);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    const listen = options.listen ?? home.config.listen;
    const workers = options.workers ?? home.config.workers;
    const served = servedOf(home.config, options);
    await joinFirst(home, logger, options.signal);
    const store = await ensureGenesis(home);
    closers.push(store.close);
    const socketPath = socketPathOf(home.path);
    const order = { homePath: home.path, socketPath, logLevel, served };
    // Opening a large state takes a second: it is done here and there at the same time.
    const pool = workers === 0 ? undefined : startWorkers(workers, order, logger);
    if (pool !== undefined) closers.push(pool.close);
    const watched = watchBlocks(store);
    const cosigning = await askWitnesses(home, watched, logger, closers);
    const opened = await openEngine(home, watched.store, logger, closers);
    const engineShown = awaitCosigned(opened.engine, cosigning, home.config.witnessWaitMs);
    const place = { home, logger, served, ...opened, engine: engineShown };
    const { engine } = place;
    const keeper = await startKeeping({ home, isApart: workers > 0, logLevel, logger });
    closers.push(keeper.close);
    const network = networkOf(home.genesis);
    if (pool !== undefined) {
      await serveWorkers(place, socketPath, closers);
      // They answer nobody any more before the engine is closed to them.
      closers.push(pool.close);
    }
    const address = await (pool?.listen(listen) ?? serveHere(place, listen, closers));
    logger.info({ address, network: network.id, workers }, "the node serves");
    return { address, network, policy: home.policy, engine, close: closeAll };
  } catch (cause) {
    await closeAll();
    throw cause;
  }
}

type Place = {
  readonly home: Home;
  readonly engine: Engine;
  readonly payloads: PayloadStore;
  readonly logger: Logger;
  readonly served: Served;
};

async function openEngine(
  home: Home,
  store: RegistryStore,
  logger: Logger,
  closers: (() => unknown)[],
): Promise<{ engine: Engine; payloads: PayloadStore }> {
  const payloads = await openPayloads(home, logger);
  const signatures = startSignaturePool(home.config.signatureProcesses);
  closers.push(signatures.close);
  const parts = {
    signatures,
    admit: (transaction: Transaction) => admitPayloads(payloads, transaction),
    onStop: (reason: string, cause: unknown) =>
      logger.fatal({ err: cause }, `${reason}; questions are answered still`),
  };
  const engine =
    home.config.consensus === null
      ? openEmbeddedEngine(home, store, {
          ...parts,
          clock: Date.now,
          onClockBack: (behindMs) => logger.warn({ behindMs }, "the clock stands before the newest block"),
        })
      : await openConsensus(home, store, home.config.consensus, { ...parts, logger });
  closers.push(engine.close);
  return { engine, payloads };
}

async function openConsensus(
  home: Home,
  store: RegistryStore,
  consensus: ConsensusConfig,
  parts: Pick<CometOptions, "signatures" | "admit" | "onStop" | "logger">,
): Promise<Engine> {
  // A node that decides alone does not wait until these are loaded.
  const { consensusOptionsOf } = await import("./engine/cometbft/consensus-options.ts");
  const { openCometEngine } = await import("./engine/cometbft/open-comet.ts");
  const { snapshots, retainBlocks } = consensus;
  const options = await consensusOptionsOf(home, consensus);
  return openCometEngine(home, store, { ...parts, ...options, snapshots, retainBlocks });
}

/** Takes a snapshot of others, where the configuration says so and the node has no block yet. */
async function joinFirst(home: Home, logger: Logger, signal: AbortSignal | undefined): Promise<void> {
  const { consensus } = home.config;
  if (consensus === null) return;
  const { hasConsensusGenesis } = await import("./engine/cometbft/comet-home.ts");
  // Before the registry begins here with its own genesis, and could not be given its past any more.
  if (!hasConsensusGenesis(`${home.path}/consensus`))
    throw new ConfigError(`${home.path} does not say yet what its network begins with: import its registry`);
  if (consensus.stateSync === null) return;
  const { consensusOptionsOf, stateSyncOf } = await import("./engine/cometbft/consensus-options.ts");
  const { joinNetwork } = await import("./engine/cometbft/join-network.ts");
  const stateSync = stateSyncOf(consensus.stateSync);
  await joinNetwork(home, {
    ...(await consensusOptionsOf(home, consensus)),
    ...{ stateSync, logger, ...(signal && { signal }) },
  });
}

async function serveHere(
  { home, engine, payloads, logger, served }: Place,
  listen: { readonly host: string; readonly port: number },
  closers: (() => unknown)[],
): Promise<string> {
  const reader = openReader(home, payloads);
  const holdings = readPayloadRegister(registerPathOf(home));
  closers.push(reader.close, holdings.close);
  const { dns, handlePrefix } = served;
  const publicUrl = served.publicUrl ?? "";
  const metrics = createMetrics();
  const server = await createServer({
    ...{ reader, engine, payloads, logger, clock: Date.now, metrics },
    ...{ publicUrl, handlePrefix, metricsFor: home.config.metrics, holdings },
  });
  closers.push(server.close);
  if (dns !== null) {
    const { registry } = metrics;
    closers.push((await openDns({ reader, payloads, logger, registry, publicUrl }, dns)).close);
  }
  return server.listen(listen);
}

/** Takes what workers hand over. */
async function serveWorkers(
  { engine, logger }: Place,
  socketPath: string,
  closers: (() => unknown)[],
): Promise<void> {
  const socket = await serveEngine({
    engine,
    socketPath,
    logger,
    bytesMax: SERVER_LIMITS.cborBytesMax + SERVER_LIMITS.jsonBytesMax,
    transactionsMax: SERVER_LIMITS.transactionsMax,
  });
  closers.push(socket.close);
}

/** A path short enough for a unix socket, whose name the system limits to about a hundred bytes. */
function socketPathOf(homePath: string): string {
  const inside = `${homePath}/engine.sock`;
  if (Buffer.byteLength(inside) < 100) return inside;
  return `${tmpdir()}/cityroot-${createHash("sha256").update(homePath).digest("hex").slice(0, 16)}.sock`;
}
