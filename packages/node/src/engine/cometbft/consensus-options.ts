import type { ConsensusConfig, StateSyncConfig } from "../../home/consensus-config.ts";
import type { Home } from "../../home/home.ts";
import type { CometProcessOptions } from "./comet-process.ts";
import type { StateSync } from "./comet-settings.ts";
import { findCometBft } from "./find-cometbft.ts";
import { consensusAddressOf } from "./find-trust.ts";

const DAY_MS = 86_400_000;

/** What a home's configuration says of its CometBFT; throws where there is none to run. */
export async function consensusOptionsOf(
  home: Pick<Home, "path">,
  { binary, listen, peers, privatePeers, blockPauseMs }: ConsensusConfig,
): Promise<
  Pick<
    CometProcessOptions,
    "binary" | "folder" | "peerListen" | "peers" | "allowsPrivatePeers" | "blockPauseMs"
  >
> {
  return {
    binary: await findCometBft(binary),
    folder: `${home.path}/consensus`,
    peerListen: listen,
    peers,
    allowsPrivatePeers: privatePeers,
    blockPauseMs,
  };
}

/** How a node joins by a snapshot. */
export function stateSyncOf({ servers, trustHeight, trustHash, trustDays }: StateSyncConfig): StateSync {
  return {
    rpcServers: servers.map(consensusAddressOf),
    trustHeight,
    trustHash,
    trustPeriodMs: trustDays * DAY_MS,
  };
}
