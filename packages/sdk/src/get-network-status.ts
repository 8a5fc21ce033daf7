import type { Json } from "@cityroot/core/json";
import {
  countAt,
  flagAt,
  hexAt,
  listAt,
  memberOf,
  objectAt,
  orNull,
  type Place,
  requestJson,
  textAt,
} from "./answer.ts";
import { baseUrlOf, type CreateClientParameters, TIMEOUT_MS } from "./client.ts";
import type { Moment } from "./resolution.ts";
import { momentAt } from "./resolve-unverified.ts";

/** See {@link getNetworkStatus}. */
export type GetNetworkStatusParameters = Pick<CreateClientParameters, "url" | "fetch" | "timeoutMs"> & {
  /** The block whose state root is asked for; the one that answers are as of when absent. */
  readonly height?: number;
  readonly signal?: AbortSignal;
};

/** How the consensus process of a node stands. */
export type NodeConsensus =
  | { readonly answers: false }
  | {
      readonly answers: true;
      /** Id that peers know the node by, in hexadecimal. */
      readonly nodeId: string;
      /** The newest block of the consensus, which is not one of the ledger. */
      readonly height: number;
      /** Whether it still fetches blocks that others have. */
      readonly isCatchingUp: boolean;
      /** Ed25519 key of the node's votes, in hexadecimal. */
      readonly publicKey: string;
      /** How much its vote counts; 0 where it is no validator. */
      readonly power: number;
      readonly peerCount: number;
      /** Ids of peers, 64 at most. */
      readonly peers: readonly string[];
    };

/** How one node stands in its network. */
export type GetNetworkStatusReturnType = {
  /** Id of the network. */
  readonly network: string;
  /** The block that its answers are as of. */
  readonly asOf: Moment;
  /** Its newest durable block, which readers may not be shown yet. */
  readonly newest: number;
  /** The block that was asked for; null where the node lacks it. The state root is in hexadecimal. */
  readonly block: { readonly height: number; readonly stateRoot: string } | null;
  /** Why it takes no transactions; null while it does. */
  readonly writes: string | null;
  /** Name of the validator whose key it has; null where it is none. */
  readonly validator: string | null;
  /**
   * Versions of the protocol: which decides on the next block, which is the newest that the node's program knows, and which is set
   * to follow. A node that does not know the one that follows stops before it decides.
   */
  readonly protocol: {
    readonly decides: number;
    readonly knows: number;
    readonly next: { readonly version: number; readonly fromHeight: number } | null;
  };
  /** How much the votes of all validators count together; 0 where one node decides alone. */
  readonly totalPower: number;
  /** Null where the node decides alone. */
  readonly consensus: NodeConsensus | null;
};

/**
 * How one node stands, at its own word: nothing of it is proven, and no policy is needed. For comparing nodes with one
 * another, as operators do. Throws {@link TransportError}.
 *
 * @example
 * const { asOf, consensus } = await getNetworkStatus({ url: "https://node-1.example.cn" });
 */
export async function getNetworkStatus(
  parameters: GetNetworkStatusParameters,
): Promise<GetNetworkStatusReturnType> {
  const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS, height, signal } = parameters;
  const requester = {
    url: baseUrlOf(parameters.url),
    fetch: ((input, init) => fetch(input, init)) as typeof globalThis.fetch,
    timeoutMs,
  };
  const { json, place } = await requestJson(requester, {
    path: "v1/network/status",
    query: { height },
    ...(signal !== undefined && { signal }),
  });
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  return {
    network: textAt(...at("network")),
    asOf: momentAt(...at("asOf")),
    newest: countAt(...at("newest")),
    block: orNull(...at("block"), blockOf),
    writes: orNull(...at("writes"), textAt),
    validator: orNull(...at("validator"), textAt),
    protocol: protocolOf(...at("protocol")),
    totalPower: countAt(...at("totalPower")),
    consensus: orNull(...at("consensus"), consensusOf),
  };
}

function blockOf(value: Json | undefined, place: Place): GetNetworkStatusReturnType["block"] {
  const json = objectAt(value, place);
  return {
    height: countAt(...memberOf(json, "height", place)),
    stateRoot: hexAt(...memberOf(json, "stateRoot", place)),
  };
}

function protocolOf(value: Json | undefined, place: Place): GetNetworkStatusReturnType["protocol"] {
  const json = objectAt(value, place);
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  return {
    decides: countAt(...at("decides")),
    knows: countAt(...at("knows")),
    next: orNull(...at("next"), (next, nextPlace) => {
      const change = objectAt(next, nextPlace);
      return {
        version: countAt(...memberOf(change, "version", nextPlace)),
        fromHeight: countAt(...memberOf(change, "fromHeight", nextPlace)),
      };
    }),
  };
}

function consensusOf(value: Json | undefined, place: Place): NodeConsensus {
  const json = objectAt(value, place);
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  if (!flagAt(...at("answers"))) return { answers: false };
  const [peers, peersPlace] = at("peers");
  return {
    answers: true,
    nodeId: hexAt(...at("nodeId")),
    height: countAt(...at("height")),
    isCatchingUp: flagAt(...at("isCatchingUp")),
    publicKey: hexAt(...at("publicKey")),
    power: countAt(...at("power")),
    peerCount: countAt(...at("peerCount")),
    peers: listAt(peers, peersPlace).map((peer) => hexAt(peer, peersPlace)),
  };
}
