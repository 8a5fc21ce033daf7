import { readFileSync } from "node:fs";
import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import { type NodeConfig, parseConfig } from "../home/config.ts";
import { ConfigError } from "../home/config-field.ts";
import { readHome, writeHomeJson } from "../home/home.ts";
import { hasCard, readCard } from "./make-card.ts";
import { inOrder, type Trusted } from "./trusted-by.ts";
import type { ValidatorCard } from "./validator-card.ts";

/** A change of the nodes that a node knows. */
export type MemberChange = {
  readonly kind: "add" | "remove";
  readonly card: ValidatorCard;
  /** How many cosignatures clients are to want from now on; left as it is if left out. */
  readonly quorum?: number | undefined;
};

/** What came of it. */
export type ChangedMembers = {
  /** Whether anything was changed. */
  readonly isChanged: boolean;
  /** What clients are to trust from the node's next start on. */
  readonly policy: PolicyJson;
};

/**
 * Adds the node of a card to those that a home knows, or takes it away: its log key and its witness, and with them the
 * policy, its consensus, and its payloads. It holds from the home's next start on. Every node of a network makes the same
 * changes, so that all give clients one policy. Throws a {@link ConfigError} where what comes of it is no sound
 * configuration, and then leaves the one that is there.
 */
export function changeMembers(path: string, change: MemberChange): ChangedMembers {
  const file = `${path}/config.json`;
  const { config } = readHome(path);
  const { kind, card } = change;
  if (config.consensus === null) throw new ConfigError(`${path} decides alone: it has no other members`);
  if (card.origin !== config.origin)
    throw new ConfigError(`card.origin: expected ${config.origin}, got ${card.origin}`);
  const isOwn = hasCard(path) && readCard(path).publicKey === card.publicKey;
  if (isOwn && kind === "remove")
    throw new ConfigError(`card.name: expected another node, got ${card.name}, which is this one`);
  if (kind === "add") refuseMixed(config, card);
  const text = readFileSync(file, "utf8");
  const changed = { ...(JSON.parse(text) as object), ...changedBy(config, change, isOwn) };
  const isChanged = JSON.stringify(parseConfig(changed)) !== JSON.stringify(config);
  if (isChanged) writeHomeJson(file, changed);
  try {
    const { policy } = readHome(path);
    writeHomeJson(`${path}/policy.json`, policy);
    return { isChanged, policy };
  } catch (cause) {
    writeHomeJson(file, JSON.parse(text));
    throw cause;
  }
}

/** Refuses a card with a key of a node that is known and one that is not: who made it would take the other's place. */
function refuseMixed({ logKeys, witnesses }: NodeConfig, { logKey, witness }: ValidatorCard): void {
  const isLogKnown = logKeys.includes(logKey);
  const isWitnessKnown = witnesses.some(({ key }) => key === witness.key);
  if (isLogKnown === isWitnessKnown) return;
  const [known, strange] = isLogKnown ? ["logKey", "witness"] : ["witness", "logKey"];
  throw new ConfigError(
    `card.${strange}: expected the one of the node whose ${known} it is, got another: remove that node by its own card first`,
  );
}

function changedBy(
  config: NodeConfig,
  { kind, card, quorum }: MemberChange,
  isOwn: boolean,
): Trusted & Partial<NodeConfig> {
  const { consensus, payloads } = config;
  const without = <T>(list: readonly T[], one: T, nameOf: (item: T) => string): readonly T[] =>
    list.filter((item) => nameOf(item) !== nameOf(one));
  // What is known of it by an earlier card is replaced.
  const put = <T>(list: readonly T[], one: T, nameOf: (item: T) => string): readonly T[] =>
    kind === "add" ? [...without(list, one, nameOf), one] : without(list, one, nameOf);
  const same = (item: string): string => item;
  const trusted = inOrder({
    origin: config.origin,
    logKeys: put(config.logKeys, card.logKey, same),
    witnesses: put(config.witnesses, card.witness, ({ key }) => key),
    quorum: quorum ?? config.quorum,
  });
  if (isOwn) return trusted;
  return {
    ...trusted,
    consensus: consensus && {
      ...consensus,
      peers: put(consensus.peers, card.peer, (peer) => peer.split("@")[0]!),
    },
    payloads: {
      ...payloads,
      replicas: card.url === null ? payloads.replicas : put(payloads.replicas, card.url, same),
    },
  };
}
