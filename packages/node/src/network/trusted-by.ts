import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import type { NodeConfig } from "../home/config.ts";
import type { ValidatorCard } from "./validator-card.ts";

/**
 * The members of a configuration that say whom clients are to trust: the same on every node of a network, whichever order its
 * nodes became known in.
 */
export type Trusted = Pick<NodeConfig, "origin" | "logKeys" | "witnesses" | "quorum">;

/** In an order of their own. */
export function inOrder({ origin, logKeys, witnesses, quorum }: Trusted): Trusted {
  return {
    ...{ origin, quorum, logKeys: logKeys.toSorted() },
    witnesses: witnesses.toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** What the nodes of cards make clients trust. */
export function trustedBy(origin: string, cards: readonly ValidatorCard[], quorum: number): Trusted {
  return inOrder({
    ...{ origin, quorum },
    logKeys: cards.map(({ logKey }) => logKey),
    witnesses: cards.map(({ witness }) => witness),
  });
}

/** The same as clients have it. */
export function policyOfTrusted({ witnesses, ...rest }: Trusted): PolicyJson {
  return { ...rest, witnesses: witnesses.map(({ key }) => key) };
}
