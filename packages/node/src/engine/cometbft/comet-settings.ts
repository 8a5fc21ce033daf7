import { type HostPort, printHostPort } from "../../home/host-port.ts";
import { PARCEL_BYTES_MAX } from "./parcel.ts";
import type { CometSettings } from "./run-cometbft.ts";

/** How a new node takes a state that others made, in place of every block from the first on. */
export type StateSync = {
  /** Where other nodes' consensus answers, `http://host:port` each: two or more, which are held against one another. */
  readonly rpcServers: readonly string[];
  /** A block that is known to be the network's: its height and the hash of its header, 64 hexadecimal digits. */
  readonly trustHeight: number;
  readonly trustHash: string;
  /** How long those who decided on that block are believed, in milliseconds. */
  readonly trustPeriodMs: number;
};

/** What a node decides on for its CometBFT. */
export type ConsensusSettings = {
  /** Name under which peers show it. */
  readonly moniker?: string;
  /** Unix socket of the application. */
  readonly applicationSocket: string;
  /** Unix socket on which it answers this node. */
  readonly rpcSocket: string;
  /** Where peers reach it. */
  readonly peerListen: HostPort;
  /** Peers that it keeps connected to: `id@host:port` each. */
  readonly peers: readonly string[];
  /** Whether peers may have addresses of one machine or a private network. */
  readonly allowsPrivatePeers: boolean;
  /** Pause after a block before the next is begun, in milliseconds. */
  readonly blockPauseMs: number;
  /** How many calls one request may hold. */
  readonly rpcBatchMax: number;
  /** Only looked at by a node that has no block yet. */
  readonly stateSync?: StateSync;
};

/** Parcels that wait for a block, and those that are remembered so that they are not taken twice. */
const MEMPOOL_TRANSACTIONS = 50_000;
/** What waits beyond some blocks is answered by nobody in time, and all that waits is looked at after every block. */
const MEMPOOL_BYTES = 64 * 1024 * 1024;
const CACHED_TRANSACTIONS = 100_000;
/** What a peer may send or get, in bytes a second. */
const PEER_BYTES_PER_SECOND = 50 * 1024 * 1024;
/** All nodes of a network have the same: a packet that is longer than a node expects cuts the connection. */
const PACKET_BYTES = 16 * 1024;
/** What a call takes beside its parcel, whose bytes are in base64. */
const CALL_BYTES_MAX = 1_024;

/**
 * Settings by the names that CometBFT reads from its environment. They reach it where its own file has the key, which the
 * file that it comes with has, and they go before what the file says.
 */
export function settingsOf(settings: ConsensusSettings, level: "info" | "warn"): CometSettings {
  const { peerListen, allowsPrivatePeers, blockPauseMs, rpcBatchMax, moniker = "cityroot" } = settings;
  const callBytesMax = Math.ceil(PARCEL_BYTES_MAX / 3) * 4 + CALL_BYTES_MAX;
  return {
    CMT_MONIKER: moniker,
    CMT_DB_BACKEND: "goleveldb",
    CMT_LOG_FORMAT: "json",
    CMT_LOG_LEVEL: level,
    CMT_ABCI: "socket",
    CMT_PROXY_APP: `unix://${settings.applicationSocket}`,
    CMT_RPC_LADDR: `unix://${settings.rpcSocket}`,
    CMT_RPC_UNSAFE: "false",
    CMT_RPC_MAX_REQUEST_BATCH_SIZE: `${rpcBatchMax}`,
    CMT_RPC_MAX_BODY_BYTES: `${rpcBatchMax * callBytesMax}`,
    CMT_P2P_LADDR: `tcp://${printHostPort(peerListen)}`,
    CMT_P2P_ADDR_BOOK_STRICT: `${!allowsPrivatePeers}`,
    CMT_P2P_ALLOW_DUPLICATE_IP: `${allowsPrivatePeers}`,
    // Its own 5 MB/s would hold up a node that joins: the network's lines are the bound.
    CMT_P2P_SEND_RATE: `${PEER_BYTES_PER_SECOND}`,
    CMT_P2P_RECV_RATE: `${PEER_BYTES_PER_SECOND}`,
    CMT_P2P_LIBP2P_ENABLED: "false",
    CMT_P2P_MAX_PACKET_MSG_PAYLOAD_SIZE: `${PACKET_BYTES}`,
    CMT_P2P_FLUSH_THROTTLE_TIMEOUT: "10ms",
    CMT_MEMPOOL_TYPE: "flood",
    CMT_MEMPOOL_RECHECK: "true",
    CMT_MEMPOOL_SIZE: `${MEMPOOL_TRANSACTIONS}`,
    CMT_MEMPOOL_MAX_TXS_BYTES: `${MEMPOOL_BYTES}`,
    CMT_MEMPOOL_CACHE_SIZE: `${CACHED_TRANSACTIONS}`,
    CMT_MEMPOOL_MAX_TX_BYTES: `${PARCEL_BYTES_MAX}`,
    CMT_CONSENSUS_TIMEOUT_COMMIT: `${blockPauseMs}ms`,
    CMT_CONSENSUS_PEER_GOSSIP_SLEEP_DURATION: "10ms",
    CMT_CONSENSUS_CREATE_EMPTY_BLOCKS: "false",
    CMT_TX_INDEX_INDEXER: "null",
    // What a block led to is in the ledger.
    CMT_STORAGE_DISCARD_ABCI_RESPONSES: "true",
    ...stateSyncOf(settings.stateSync),
  };
}

function stateSyncOf(stateSync: StateSync | undefined): CometSettings {
  if (stateSync === undefined) return { CMT_STATESYNC_ENABLE: "false" };
  return {
    CMT_STATESYNC_ENABLE: "true",
    CMT_STATESYNC_RPC_SERVERS: stateSync.rpcServers.join(","),
    CMT_STATESYNC_TRUST_HEIGHT: `${stateSync.trustHeight}`,
    CMT_STATESYNC_TRUST_HASH: stateSync.trustHash,
    // The least that it takes: peers tell of their snapshots as soon as they are connected.
    CMT_STATESYNC_DISCOVERY_TIME: "5s",
    CMT_STATESYNC_TRUST_PERIOD: `${stateSync.trustPeriodMs}ms`,
  };
}

/** Settings that may be empty, which CometBFT takes from its arguments alone: it passes over an empty variable. */
export function argumentsOf({ peers }: Pick<ConsensusSettings, "peers">): readonly string[] {
  return [`--p2p.persistent_peers=${peers.join(",")}`, "--rpc.pprof_laddr=", "--rpc.grpc_laddr="];
}
