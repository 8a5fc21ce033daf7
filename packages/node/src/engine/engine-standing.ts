/** How the consensus process of a node stands. */
export type ConsensusStanding =
  /** It is being started, or does not answer. */
  | { readonly answers: false }
  | {
      readonly answers: true;
      /** Id that peers know the node by: 40 hexadecimal digits. */
      readonly nodeId: string;
      /** The newest block of the consensus, which is not one of the ledger. */
      readonly height: number;
      /** Whether it still fetches blocks that others have. */
      readonly isCatchingUp: boolean;
      /** Ed25519 key of the node's votes, in hexadecimal. */
      readonly publicKey: string;
      /** How much its vote counts; 0 where it is no validator. */
      readonly power: number;
      /** How many peers it is connected to, and the ids of the first {@link PEERS_SHOWN_MAX} of them. */
      readonly peerCount: number;
      readonly peers: readonly string[];
    };

/** Most peers that are named. */
export const PEERS_SHOWN_MAX = 64;

/** How the engine of a node stands. */
export type EngineStanding = {
  /** Why it takes no transactions; null while it does. */
  readonly writes: string | null;
  /** Null where the node decides alone. */
  readonly consensus: ConsensusStanding | null;
};

type Standing = {
  readonly refusesBecause: () => string | null;
  readonly standing?: () => Promise<EngineStanding>;
};

/** How an engine stands, also one that knows of no consensus. */
export async function standingOf(engine: Standing): Promise<EngineStanding> {
  return (await engine.standing?.()) ?? { writes: engine.refusesBecause(), consensus: null };
}
