import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Logger } from "pino";

/** How a CometBFT process is run. */
export type CometProcessOptions = {
  readonly binary: string;
  /** Its folder: keys, genesis, blocks. */
  readonly folder: string;
  /** Unix socket of the application. */
  readonly applicationSocket: string;
  /** Unix socket on which it answers this node. */
  readonly rpcSocket: string;
  /** Where peers reach it. */
  readonly peerListen: { readonly host: string; readonly port: number };
  /** Peers that it keeps connected to: `id@host:port` each. */
  readonly peers: readonly string[];
  /** Whether peers may have addresses of one machine or a private network. */
  readonly allowsPrivatePeers: boolean;
  /** Pause after a block before the next is begun, in milliseconds. */
  readonly blockPauseMs: number;
  /** How many calls one request may hold. */
  readonly rpcBatchMax: number;
  readonly logger: Logger;
  /** Is told when the process ended without having been asked to. */
  readonly onEnd: (reason: string) => void;
};

export type CometProcess = {
  readonly pid: number | undefined;
  /** Asks it to stop, and stops it if it does not. */
  readonly close: () => Promise<void>;
};

const STOP_MS_MAX = 10_000;
const LINE_CHARACTERS_MAX = 2_000;
/** How many of the last lines are told when it ends by itself. */
const LAST_LINES = 3;

/** Starts CometBFT and watches it. All its settings are given here: its own file holds what it comes with. */
export function startCometProcess(options: CometProcessOptions): CometProcess {
  const { binary, folder, logger, onEnd } = options;
  const child = spawn(binary, ["start", "--home", folder], {
    env: { ...process.env, ...settingsOf(options) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const last: string[] = [];
  let isClosing = false;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      const text = line.slice(0, LINE_CHARACTERS_MAX);
      last.push(text);
      if (last.length > LAST_LINES) last.shift();
      passOn(logger, text, isClosing);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once("error", (cause) => {
      last.push(cause.message);
      resolve();
    });
    child.once("close", () => resolve());
  });
  ended.then(() => {
    if (isClosing) return;
    const how = child.signalCode === null ? `with ${child.exitCode}` : `by ${child.signalCode}`;
    onEnd(`CometBFT ended ${how}: ${last.join(" | ")}`);
  });
  return {
    pid: child.pid,
    close: async () => {
      isClosing = true;
      await stop(child, ended);
    },
  };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}

/** Settings by the names that CometBFT reads from its environment. */
function settingsOf(options: CometProcessOptions): { readonly [name: string]: string } {
  const { peerListen, peers, allowsPrivatePeers, blockPauseMs } = options;
  return {
    CMT_LOG_FORMAT: "json",
    CMT_LOG_LEVEL: "info",
    CMT_PROXY_APP: `unix://${options.applicationSocket}`,
    CMT_RPC_LADDR: `unix://${options.rpcSocket}`,
    CMT_RPC_PPROF_LADDR: "",
    CMT_RPC_MAX_REQUEST_BATCH_SIZE: `${options.rpcBatchMax}`,
    CMT_P2P_LADDR: `tcp://${peerListen.host}:${peerListen.port}`,
    CMT_P2P_PERSISTENT_PEERS: peers.join(","),
    CMT_P2P_ADDR_BOOK_STRICT: `${!allowsPrivatePeers}`,
    CMT_P2P_ALLOW_DUPLICATE_IP: `${allowsPrivatePeers}`,
    CMT_MEMPOOL_TYPE: "flood",
    CMT_MEMPOOL_SIZE: "50000",
    CMT_MEMPOOL_CACHE_SIZE: "100000",
    CMT_CONSENSUS_TIMEOUT_COMMIT: `${blockPauseMs}ms`,
    CMT_CONSENSUS_PEER_GOSSIP_SLEEP_DURATION: "10ms",
    CMT_CONSENSUS_CREATE_EMPTY_BLOCKS: "false",
    CMT_TX_INDEX_INDEXER: "null",
  };
}

const LevelName = /"level":"(debug|info|error)"/;

/** Passes a line of its log on: what it says often is of interest only to who looks for it. */
function passOn(logger: Logger, line: string, isClosing: boolean): void {
  const level = LevelName.exec(line)?.[1];
  // One that ends calls each of its ends an error.
  if (level === "error" && !isClosing) logger.warn({ cometbft: line }, "CometBFT reports an error");
  else logger.debug({ cometbft: line }, "CometBFT");
}
