import { type BuildTransactionParameters, buildTransaction } from "./build-transaction.ts";
import type { Client } from "./client.ts";
import { signTransaction } from "./sign-transaction.ts";
import type { Signer } from "./signer.ts";
import { type Committed, type SubmitParameters, submit } from "./submit.ts";

/** See {@link send}. */
export type SendParameters = BuildTransactionParameters &
  Omit<SubmitParameters, "signal"> & {
    /** Whoever signs: enough of the holder's keys for the role that the operations take. */
    readonly signers: Signer | readonly Signer[];
  };

/** See {@link send}. */
export type SendReturnType = Committed;

/**
 * Builds, signs and submits a transaction, and waits until it is durable. Throws {@link RegistryError} when it is
 * refused; {@link ProofError}, {@link TransportError}.
 *
 * @example
 * const { height } = await send(client, {
 *   holder,
 *   signers: seedSigner(seed),
 *   operations: [issue({ code: "MA.156.1301.02/60.10000000.1/000123", class: "street-lamp" })],
 * });
 */
export async function send(client: Client, parameters: SendParameters): Promise<SendReturnType> {
  const { signers, attempts, waitMs, ...transaction } = parameters;
  const built = await buildTransaction(client, transaction);
  const signed = await signTransaction(built, signers);
  return submit(client, signed, { attempts, waitMs, signal: transaction.signal });
}
