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
};

/** A node that knows no peers yet. */
export function defaultConsensus(): ConsensusConfig {
  return {
    binary: null,
    listen: { host: "0.0.0.0", port: 26_656 },
    peers: [],
    privatePeers: false,
    blockPauseMs: 500,
  };
}

const PEER = /^[0-9a-f]{40}@[^@\s,:/]+:([1-9][0-9]{0,4})$/;

/** Whether a value names a peer: the id of its node and where it listens. */
export function isPeer(value: unknown): value is string {
  const port = typeof value === "string" ? PEER.exec(value)?.[1] : undefined;
  return port !== undefined && Number(port) <= 65_535;
}
