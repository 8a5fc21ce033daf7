import { isPublicUrl, objectOf, refuseUnknownKeys, wholeNumber, wrong } from "./config-field.ts";
import { parseHostPort } from "./host-port.ts";

/** How a new node takes a snapshot of others in place of every block from the first on. */
export type StateSyncConfig = {
  /** Where two or more nodes of the network answer everyone, such as `https://registry.example.cn`. */
  readonly servers: readonly string[];
  /** A block that is known to be the network's: its height and the hash of its header, 64 hexadecimal digits. */
  readonly trustHeight: number;
  readonly trustHash: string;
  /** For how many days those who decided on that block are believed. */
  readonly trustDays: number;
};

/** How a node takes part in a network whose members decide together. */
export type ConsensusConfig = {
  /** Path of the CometBFT to run; null for the one that was built in this clone. */
  readonly binary: string | null;
  /** Where peers reach this node's consensus. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Peers that it keeps connected to, each as `id@host:port`. */
  readonly peers: readonly string[];
  /** Whether peers may have addresses of one machine or a private network. */
  readonly privatePeers: boolean;
  /** Pause after a block before the next is begun, in milliseconds. */
  readonly blockPauseMs: number;
  /** Only looked at by a node that has no block yet; null where it takes every block. */
  readonly stateSync: StateSyncConfig | null;
  /**
   * After every so many blocks a snapshot is taken for nodes that join, 0 for never, and how many of the newest are kept. It
   * is best the same on all nodes: a node that joins takes the parts of one snapshot from all that have it.
   */
  readonly snapshots: { readonly everyBlocks: number; readonly keep: number };
  /** How many of its blocks CometBFT keeps at least, once there are snapshots; null for all. The registry keeps all of its own. */
  readonly retainBlocks: number | null;
};

/** A node that knows no peers yet. */
export function defaultConsensus(): ConsensusConfig {
  return {
    binary: null,
    listen: { host: "0.0.0.0", port: 26_656 },
    peers: [],
    privatePeers: false,
    blockPauseMs: 500,
    stateSync: null,
    snapshots: { everyBlocks: 1_000, keep: 2 },
    // As long as CometBFT takes evidence of what a validator did.
    retainBlocks: 100_000,
  };
}

const PEER = /^[0-9a-f]{40}@(.+)$/;

/** Whether a value names a peer: the id of its node and where it listens. */
export function isPeer(value: unknown): value is string {
  const address = typeof value === "string" ? PEER.exec(value)?.[1] : undefined;
  return address !== undefined && parseHostPort(address) !== undefined;
}

/** Checks how a node takes part in a network. */
export function parseConsensus(value: unknown): ConsensusConfig {
  const object = objectOf(value, "config.consensus");
  const defaults = defaultConsensus();
  refuseUnknownKeys(object, "config.consensus", Object.keys(defaults));
  const { binary = defaults.binary, peers = defaults.peers, listen = defaults.listen } = object;
  const { privatePeers = defaults.privatePeers, blockPauseMs = defaults.blockPauseMs } = object;
  const { stateSync = null, snapshots = defaults.snapshots } = object;
  const { retainBlocks = defaults.retainBlocks } = object;
  if (binary !== null && typeof binary !== "string")
    throw wrong("consensus.binary", "the path of a cometbft, or null for the one that was built", binary);
  if (!Array.isArray(peers) || !peers.every(isPeer))
    throw wrong("consensus.peers", "a list of peers such as 40 hexadecimal digits@host:port", peers);
  if (typeof privatePeers !== "boolean") throw wrong("consensus.privatePeers", "true or false", privatePeers);
  const address = objectOf(listen, "config.consensus.listen");
  refuseUnknownKeys(address, "config.consensus.listen", Object.keys(defaults.listen));
  const { host } = address;
  if (typeof host !== "string" || host === "")
    throw wrong("consensus.listen.host", "a host name or address", host);
  return {
    binary,
    listen: { host, port: wholeNumber(address["port"], "consensus.listen.port", 1, 65_535) },
    peers,
    privatePeers,
    blockPauseMs: wholeNumber(blockPauseMs, "consensus.blockPauseMs", 0, 60_000),
    stateSync: stateSync === null ? null : parseStateSync(stateSync),
    snapshots: parseSnapshots(snapshots),
    retainBlocks:
      retainBlocks === null
        ? null
        : wholeNumber(retainBlocks, "consensus.retainBlocks", 1, Number.MAX_SAFE_INTEGER),
  };
}

function parseSnapshots(value: unknown): ConsensusConfig["snapshots"] {
  const object = objectOf(value, "config.consensus.snapshots");
  const defaults = defaultConsensus().snapshots;
  refuseUnknownKeys(object, "config.consensus.snapshots", Object.keys(defaults));
  const { everyBlocks = defaults.everyBlocks, keep = defaults.keep } = object;
  return {
    everyBlocks: wholeNumber(everyBlocks, "consensus.snapshots.everyBlocks", 0, 1_000_000_000),
    keep: wholeNumber(keep, "consensus.snapshots.keep", 2, 10),
  };
}

const TRUST_DAYS = 365;
const SERVERS_MAX = 16;

function parseStateSync(value: unknown): StateSyncConfig {
  const object = objectOf(value, "config.consensus.stateSync");
  refuseUnknownKeys(object, "config.consensus.stateSync", [
    "servers",
    "trustHeight",
    "trustHash",
    "trustDays",
  ]);
  const { servers, trustHeight, trustHash, trustDays = TRUST_DAYS } = object;
  const isMany = Array.isArray(servers) && servers.length <= SERVERS_MAX && new Set(servers).size >= 2;
  if (!isMany || !servers.every(isPublicUrl))
    throw wrong(
      "consensus.stateSync.servers",
      `addresses of 2 to ${SERVERS_MAX} nodes, such as https://registry.example.cn`,
      servers,
    );
  if (typeof trustHash !== "string" || !/^[0-9a-fA-F]{64}$/.test(trustHash))
    throw wrong("consensus.stateSync.trustHash", "64 hexadecimal digits", trustHash);
  return {
    servers,
    trustHeight: wholeNumber(trustHeight, "consensus.stateSync.trustHeight", 1, Number.MAX_SAFE_INTEGER),
    trustHash: trustHash.toUpperCase(),
    trustDays: wholeNumber(trustDays, "consensus.stateSync.trustDays", 1, 3_650),
  };
}
