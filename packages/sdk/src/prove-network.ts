import { bytesToHex } from "@cityroot/core/hex";
import { openBundle } from "@cityroot/core/proof/verify";
import { NETWORK_KEY } from "@cityroot/core/state/key";
import { decodeNetwork } from "@cityroot/core/state/network";
import { PROOF_MEDIA_TYPE, requestBytes } from "./answer.ts";
import type { Client } from "./client.ts";
import { ProofError, provenOf } from "./error.ts";
import { type Verification, verificationOf } from "./resolution.ts";

/** See {@link proveNetwork}. */
export type ProveNetworkParameters = { readonly signal?: AbortSignal };

/** The network whose checkpoints meet the client's policy, as of the newest one. */
export type ProveNetworkReturnType = Verification & {
  /** Id that transactions are made for, such as `hebei-3f8a01bc`. */
  readonly id: string;
  /** SHA-256 of the genesis in hexadecimal. */
  readonly genesis: string;
};

/** Any code will do: the network's entry comes with each proof that is asked for it. */
const ANY_CODE = "MA.156";

/**
 * Which network the client's policy is of, from a proof of the state's own entry: no server can name another one, so that
 * keys never sign for a network that was not meant. Throws {@link ProofError}, also `network-other` where the client was
 * made for another network or took another's id before; {@link TransportError}.
 *
 * @example
 * const { id, height } = await proveNetwork(client);
 */
export async function proveNetwork(
  client: Client,
  parameters: ProveNetworkParameters = {},
): Promise<ProveNetworkReturnType> {
  const notBefore = await client.checkpoints.floor();
  const bytes = await requestBytes(client, {
    path: `v1/proofs/${ANY_CODE}`,
    query: { network: true },
    accept: PROOF_MEDIA_TYPE,
    ...parameters,
  });
  const options = { policy: client.policy, notBefore, seen: client.checkpoints.signatures };
  const { facts, seen } = provenOf(openBundle(bytes, options));
  const entry = facts.valueOf(NETWORK_KEY);
  const network = entry === undefined || entry === null ? undefined : decodeNetwork(entry);
  if (network === undefined)
    throw new ProofError("network-other", "the bundle does not show which network it is of");
  await client.checkpoints.advance(seen.checkpoint);
  const taken = client.takeNetwork(network.id);
  if (taken !== network.id)
    throw new ProofError("network-other", `the proof is of ${network.id}, the client was made for ${taken}`);
  return { ...verificationOf(seen), id: network.id, genesis: bytesToHex(network.genesis) };
}
