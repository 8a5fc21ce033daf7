import { bytesToHex } from "@cityroot/core/hex";
import { verifyGovernance } from "@cityroot/core/proof/governance";
import { changeAfter, type Parameters, protocolAt } from "@cityroot/core/state/parameters";
import { PROOF_MEDIA_TYPE, requestBytes } from "./answer.ts";
import type { Client } from "./client.ts";
import { ProofError, provenOf } from "./error.ts";
import type { ValidatorJson } from "./get-validators.ts";
import { type Moment, momentOf, type Verification, verificationOf } from "./resolution.ts";

/** See {@link proveValidators}. */
export type ProveValidatorsParameters = { readonly signal?: AbortSignal };

/** Who decides, and by what rules, as of the newest checkpoint. */
export type ProveValidatorsReturnType = Verification & {
  /** Id of the network. */
  readonly network: string;
  /** None where one node decides alone. */
  readonly validators: readonly ValidatorJson[];
  /** Since when these are the validators; null where there are none. */
  readonly since: Moment | null;
  /** What all nodes keep to; `protocol` is the version that decides on the next block. */
  readonly parameters: Parameters;
};

/**
 * Who decides on the network's blocks, and its parameters, from a proof: what a new set of validators is made from that is
 * to be signed. Throws {@link ProofError}, also `network-other` where the client was made for another network;
 * {@link TransportError}.
 *
 * @example
 * const { validators } = await proveValidators(client);
 */
export async function proveValidators(
  client: Client,
  parameters: ProveValidatorsParameters = {},
): Promise<ProveValidatorsReturnType> {
  const notBefore = await client.checkpoints.floor();
  const bytes = await requestBytes(client, {
    path: "v1/network/validators",
    accept: PROOF_MEDIA_TYPE,
    ...parameters,
  });
  const options = { policy: client.policy, notBefore, seen: client.checkpoints.signatures };
  const shown = provenOf(verifyGovernance(bytes, options));
  await client.checkpoints.advance(shown.checkpoint);
  const { id } = shown.network;
  const taken = client.takeNetwork(id);
  if (taken !== id)
    throw new ProofError("network-other", `the proof is of ${id}, the client was made for ${taken}`);
  const { blockBytesMax, blockTransactionsMax } = shown.parameters;
  const height = shown.checkpoint.height + 1;
  return {
    ...verificationOf(shown),
    network: id,
    validators: (shown.validators?.validators ?? []).map(({ name, publicKey, power }) => {
      return { name, publicKey: bytesToHex(publicKey), power };
    }),
    since: shown.validators === null ? null : momentOf(shown.validators.since),
    parameters: {
      ...{ blockBytesMax, blockTransactionsMax },
      protocol: protocolAt(shown.parameters, height),
      next: changeAfter(shown.parameters, height),
    },
  };
}
