import { EXPIRY_BLOCKS_MAX } from "@cityroot/core/limits";
import type { Operation } from "@cityroot/core/operation/operation";
import { encodeBody } from "@cityroot/core/transaction";
import type { Client } from "./client.ts";
import { holderBytesOf } from "./holder-id.ts";
import { proveNetwork } from "./prove-network.ts";
import { reviewTransaction, type TransactionReview } from "./review-transaction.ts";

/** How many blocks a transaction may take to enter the ledger when nobody says. */
export const LIFETIME_BLOCKS = 256;

/** See {@link buildTransaction}. */
export type BuildTransactionParameters = {
  /** Id of the holder that acts: hexadecimal, or its 20 bytes. */
  readonly holder: string | Uint8Array;
  /** What it does, in this order; all of it or nothing. See `operation.ts` for what makes them. */
  readonly operations: readonly Operation[];
  /** How many blocks it may take to enter the ledger; {@link LIFETIME_BLOCKS} when absent. */
  readonly lifetimeBlocks?: number;
  /** Makes two transactions of the same content two: 0 to 2^53-1; random when absent. */
  readonly nonce?: number;
  readonly signal?: AbortSignal;
};

/** A transaction that nobody has signed yet. */
export type BuiltTransaction = {
  /** What is signed. */
  readonly bodyBytes: Uint8Array;
  /** Id in hexadecimal, which stays the same whoever signs. */
  readonly id: string;
  /** What the bytes say, read back from them. */
  readonly review: TransactionReview;
};

/**
 * Builds a transaction for the network that the client's policy is of, which is proven, as is the newest checkpoint, from
 * which its last height counts. Throws {@link RegistryError}, {@link ProofError}, {@link TransportError}.
 *
 * @example
 * const transaction = await buildTransaction(client, {
 *   holder,
 *   operations: [issue({ code: "MA.156.1301.02/60.10000000.1/000123", class: "street-lamp" })],
 * });
 */
export async function buildTransaction(
  client: Client,
  parameters: BuildTransactionParameters,
): Promise<BuiltTransaction> {
  const { operations, lifetimeBlocks = LIFETIME_BLOCKS, nonce = randomNonce(), signal } = parameters;
  const holder = holderBytesOf(parameters.holder);
  if (!Number.isInteger(lifetimeBlocks) || lifetimeBlocks < 1 || lifetimeBlocks >= EXPIRY_BLOCKS_MAX) {
    throw new RangeError(`lifetimeBlocks: expected 1 to ${EXPIRY_BLOCKS_MAX - 1}, got ${lifetimeBlocks}`);
  }
  if (!Number.isSafeInteger(nonce) || nonce < 0) {
    throw new RangeError(`nonce: expected a whole number from 0 to 2^53-1, got ${nonce}`);
  }
  const { id: network, height } = await proveNetwork(client, signal === undefined ? {} : { signal });
  const lastHeight = height + lifetimeBlocks;
  const bodyBytes = encodeBody({ network, holder, lastHeight, nonce, operations });
  // Read back strictly, so that the rules of form are known to hold before anybody signs.
  const review = reviewTransaction(bodyBytes);
  return { bodyBytes, id: review.id, review };
}

/** A random whole number of 53 bits. */
function randomNonce(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 11) * 0x1_0000_0000 + low;
}
