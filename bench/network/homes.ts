// The homes of a network whose validators all run on this machine, on the addresses of its loopback.
import { type Genesis, networkOf } from "@cityroot/core/genesis";
import {
  type ConsensusIdentity,
  consensusGenesisOf,
  makeConsensusHome,
  writeConsensusGenesis,
} from "@cityroot/node/engine/cometbft/comet-home";
import { freePorts } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { defaultConsensus } from "@cityroot/node/home/consensus-config";
import { createHome } from "@cityroot/node/home/home";
import { GENESIS, newPath, ORIGIN } from "../fixture.ts";

/** A validator that was not started yet. */
export type ValidatorHome = {
  readonly home: string;
  /** Id of its network. */
  readonly network: string;
  /** Folder of its CometBFT. */
  readonly consensus: string;
  readonly port: number;
  readonly peers: readonly string[];
};

/** Pause after a block, in milliseconds: the registry and the reference share it. */
export const BLOCK_PAUSE_MS = 500;

/** Makes the homes of so many validators that know one another, and of nodes that only follow them. */
export async function makeValidators(
  binary: string,
  count: number,
  changes: { readonly workers: number; readonly signatureProcesses: number },
  followers = 0,
): Promise<readonly ValidatorHome[]> {
  const homes = Array.from({ length: count + followers }, () => newPath());
  const ports = await freePorts(homes.length);
  const identities: ConsensusIdentity[] = [];
  for (const home of homes) identities.push(await makeConsensusHome(binary, `${home}/consensus`));
  const validators = identities
    .slice(0, count)
    .map(({ publicKey }, at) => ({ name: `bench-${at}`, publicKey, power: 10 }));
  const genesis: Genesis = { ...GENESIS, validators };
  const addresses = identities.map(({ nodeId }, at) => `${nodeId}@127.0.0.1:${ports[at]}`);
  return homes.map((home, at) => {
    const peers = addresses.filter((_, other) => other !== at);
    writeConsensusGenesis(`${home}/consensus`, consensusGenesisOf(genesis));
    const consensus = {
      ...defaultConsensus(),
      ...{ binary, peers, privatePeers: true, blockPauseMs: BLOCK_PAUSE_MS },
      listen: { host: "127.0.0.1", port: ports[at]! },
    };
    createHome(home, genesis, { origin: ORIGIN, logLevel: "error", ...changes, consensus });
    const network = networkOf(genesis).id;
    return { home, network, consensus: `${home}/consensus`, port: ports[at]!, peers };
  });
}
