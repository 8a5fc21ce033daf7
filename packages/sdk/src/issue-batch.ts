import { bytesToHex } from "@cityroot/core/hex";
import type { Client } from "./client.ts";
import { type PrepareBatchParameters, prepareBatch } from "./prepare-batch.ts";
import { type SendParameters, send } from "./send.ts";
import type { Committed } from "./submit.ts";
import { uploadPayload } from "./upload-payload.ts";

/** See {@link issueBatch}. */
export type IssueBatchParameters = PrepareBatchParameters &
  Omit<SendParameters, "operations"> & {
    /** Longest time that one try of the upload may take, in milliseconds. */
    readonly uploadTimeoutMs?: number;
  };

/** Where the batch stands in the ledger, and what it is made of. */
export type IssueBatchReturnType = Committed & {
  readonly first: string;
  readonly last: string;
  readonly count: number;
  /** Root over the items in hexadecimal, as this client computed it. */
  readonly root: string;
  /** Name of the payload that holds the items: SHA-256 in hexadecimal. */
  readonly digest: string;
};

/**
 * Issues many codes by one operation: makes the batch, uploads its items, then builds, signs and submits the
 * `issue-batch`. Throws {@link RegistryError}, {@link ProofError}, {@link TransportError}. After an error it can be
 * called again with the same items.
 *
 * @example
 * const { count } = await issueBatch(client, {
 *   holder,
 *   signers,
 *   class: "street-lamp",
 *   items: lamps.map(({ serial, name }) => ({ code: `${parent}.${serial}`, attributes: { name: { zh: name } } })),
 * });
 */
export async function issueBatch(
  client: Client,
  parameters: IssueBatchParameters,
): Promise<IssueBatchReturnType> {
  const { signal, attempts, waitMs, uploadTimeoutMs } = parameters;
  const { operation, payload } = await prepareBatch(parameters);
  await uploadPayload(client, payload, { attempts, waitMs, signal, timeoutMs: uploadTimeoutMs });
  const { holder, signers, lifetimeBlocks, nonce } = parameters;
  const committed = await send(client, {
    holder,
    signers,
    operations: [operation],
    ...(lifetimeBlocks !== undefined && { lifetimeBlocks }),
    ...(nonce !== undefined && { nonce }),
    ...(signal !== undefined && { signal }),
    attempts,
    waitMs,
  });
  const { first, last, count, root, payloadDigest } = operation;
  return { ...committed, first, last, count, root: bytesToHex(root), digest: bytesToHex(payloadDigest) };
}
