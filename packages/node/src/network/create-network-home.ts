import { isDeepStrictEqual } from "node:util";
import { consensusGenesisOf, writeConsensusGenesis } from "../engine/cometbft/comet-home.ts";
import type { NodeConfig } from "../home/config.ts";
import { ConfigError } from "../home/config-field.ts";
import { type ConsensusConfig, defaultConsensus } from "../home/consensus-config.ts";
import { createHome } from "../home/home.ts";
import { defaultPayloads } from "../home/payloads-config.ts";
import { cardPath, readCard } from "./make-card.ts";
import type { NetworkFile } from "./network-file.ts";
import { trustedBy } from "./trusted-by.ts";
import type { ValidatorCard } from "./validator-card.ts";

/** What one node decides on beside what all share. */
export type NetworkHomeParameters = {
  readonly listen: NodeConfig["listen"];
  /** Where peers reach its consensus, and what else differs from how a node takes part by default. */
  readonly consensus: Pick<ConsensusConfig, "listen"> & Partial<ConsensusConfig>;
  /** What else differs from the default configuration. */
  readonly changes?: Partial<NodeConfig>;
};

/** What was made. */
export type NetworkHome = {
  readonly card: ValidatorCard;
  /** Whether the network's file has its card. */
  readonly isMember: boolean;
};

/**
 * Finishes the home of a node, which has its keys and its card, with what the network begins with. Throws a
 * {@link ConfigError} where the network's file has another card for it, or is of another log.
 */
export function createNetworkHome(
  path: string,
  file: NetworkFile,
  { listen, consensus, changes = {} }: NetworkHomeParameters,
): NetworkHome {
  const card = readCard(path);
  const { origin, quorum, members, genesis } = file;
  if (card.origin !== origin)
    throw new ConfigError(`network.origin: expected ${card.origin}, which the keys are of, got ${origin}`);
  const altered = alteredCardIn(card, members);
  if (altered !== undefined)
    throw new ConfigError(
      `network.members: expected the card of ${cardPath(path)}, got one with the same ${altered.shared} and another ${altered.differing.join(", ")}`,
    );
  const own = members.find((member) => isDeepStrictEqual(member, card));
  const others = members.filter((member) => member !== own);
  const peers = [...new Set([...others.map(({ peer }) => peer), ...(consensus.peers ?? [])])];
  // A registry that moves up comes as an export, of which it is made what its consensus begins with.
  if (genesis.validators !== undefined)
    writeConsensusGenesis(`${path}/consensus`, consensusGenesisOf(genesis));
  createHome(path, genesis, {
    ...trustedBy(origin, others.length === 0 ? members : [...others, card], quorum),
    ...{ listen, publicUrl: card.url },
    payloads: {
      ...defaultPayloads(),
      replicas: others.flatMap(({ url }) => (url === null ? [] : [url])),
    },
    consensus: { ...defaultConsensus(), privatePeers: peers.some(isPrivatePeer), ...consensus, peers },
    ...changes,
  });
  return { card, isMember: own !== undefined };
}

/** What another card has of one, and what it has not. */
export type AlteredCard = { readonly shared: string; readonly differing: readonly string[] };

/** A card that has the name or a key of this one and is another: somebody changed it on the way. */
export function alteredCardIn(
  card: ValidatorCard,
  members: readonly ValidatorCard[],
): AlteredCard | undefined {
  for (const member of members) {
    const shared = sharedIn(member, card);
    const differing = FIELDS.filter((name) => !isDeepStrictEqual(member[name], card[name]));
    if (shared !== undefined && differing.length > 0) return { shared, differing };
  }
  return undefined;
}

/** What is one node's alone. */
const KEYS = ["name", "publicKey", "logKey", "rootKey"] as const;
const FIELDS = [...KEYS, "origin", "peer", "witness", "url"] as const;

function sharedIn(one: ValidatorCard, other: ValidatorCard): string | undefined {
  const key = KEYS.find((name) => one[name] === other[name]);
  return key ?? (one.witness.key === other.witness.key ? "witness" : undefined);
}

/** Addresses of one machine or of a private network. RFC 1122 §3.2.1.3, RFC 1918. */
const PRIVATE = /@(localhost:|127\.|10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.)/;

function isPrivatePeer(peer: string): boolean {
  return PRIVATE.test(peer);
}
