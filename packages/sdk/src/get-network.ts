import type { Json } from "@cityroot/core/json";
import { countAt, hexAt, memberOf, type Place, requestJson, textAt } from "./answer.ts";
import type { Client } from "./client.ts";
import { ProofError } from "./error.ts";
import type { Moment } from "./resolution.ts";

/** See {@link getNetwork}. */
export type GetNetworkParameters = { readonly signal?: AbortSignal };

/** What a registry says of itself. */
export type GetNetworkReturnType = {
  /** Id that transactions are made for, such as `hebei-3f8a01bc`. */
  readonly id: string;
  /** SHA-256 of the genesis in hexadecimal. */
  readonly genesis: string;
  /** Version of the protocol. */
  readonly protocol: number;
  /** Name of the log. */
  readonly origin: string;
  /** The newest block, at the server's word: see `getCheckpoint` for the proven one. */
  readonly newest: Moment;
};

/**
 * What the registry says of itself. Not proven, but held against what the client knows: the log has to be the policy's,
 * and the network the one that the client was made for or saw first. Throws {@link ProofError} `network-other`,
 * {@link TransportError}.
 *
 * @example
 * const { id } = await getNetwork(client);
 */
export async function getNetwork(
  client: Client,
  parameters: GetNetworkParameters = {},
): Promise<GetNetworkReturnType> {
  const { json, place } = await requestJson(client, { path: "v1/network", ...parameters });
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  const origin = textAt(...at("origin"));
  const id = textAt(...at("id"));
  if (origin !== client.policy.origin) {
    throw new ProofError(
      "network-other",
      `the server keeps the log ${origin}, the policy is of ${client.policy.origin}`,
    );
  }
  const taken = client.takeNetwork(id);
  if (taken !== id) {
    throw new ProofError("network-other", `the server speaks for ${id}, the client was made for ${taken}`);
  }
  return {
    id,
    genesis: hexAt(...at("genesis")),
    protocol: countAt(...at("protocol")),
    origin,
    newest: { height: countAt(...at("height")), time: textAt(...at("time")) },
  };
}
