import { bytesToHex } from "@cityroot/core/hex";
import { openBundle } from "@cityroot/core/proof/verify";
import { PROOF_MEDIA_TYPE, requestBytes } from "./answer.ts";
import type { Client } from "./client.ts";
import { provenOf } from "./error.ts";
import { type Verification, verificationOf } from "./resolution.ts";

/** See {@link getCheckpoint}. */
export type GetCheckpointParameters = { readonly signal?: AbortSignal };

/** A checkpoint that meets the client's policy. */
export type GetCheckpointReturnType = Verification & {
  /** Name of the log. */
  readonly origin: string;
  /** Leaves of the log. */
  readonly size: number;
  /** Root of the log, in hexadecimal. */
  readonly logRoot: string;
  /** Root of the state, in hexadecimal. */
  readonly stateRoot: string;
};

/**
 * The newest checkpoint, checked against the client's policy and memory. Throws {@link ProofError},
 * {@link TransportError}.
 *
 * @example
 * const { height, time, cosigners } = await getCheckpoint(client);
 */
export async function getCheckpoint(
  client: Client,
  parameters: GetCheckpointParameters = {},
): Promise<GetCheckpointReturnType> {
  const notBefore = await client.checkpoints.floor();
  const bundle = await requestBytes(client, {
    path: "v1/checkpoint",
    accept: PROOF_MEDIA_TYPE,
    ...parameters,
  });
  const options = { policy: client.policy, notBefore, seen: client.checkpoints.signatures };
  const { seen } = provenOf(openBundle(bundle, options));
  const { checkpoint } = seen;
  await client.checkpoints.advance(checkpoint);
  return {
    ...verificationOf(seen),
    origin: checkpoint.origin,
    size: checkpoint.size,
    logRoot: bytesToHex(checkpoint.logRoot),
    stateRoot: bytesToHex(checkpoint.stateRoot),
  };
}
