import { bytesToHex, equalBytes } from "@cityroot/core/hex";
import { verify } from "@cityroot/core/key/ed25519";
import {
  checkSignatures,
  decodeTransaction,
  encodeTransaction,
  type Signature,
  signedMessageOf,
  transactionIdOf,
} from "@cityroot/core/transaction";
import { acceptedOf } from "./error.ts";
import type { Signer } from "./signer.ts";

/** A transaction with signatures: more may be added, and it may be submitted once there are enough. */
export type SignedTransaction = {
  /** What was signed. */
  readonly bodyBytes: Uint8Array;
  /** Id in hexadecimal. */
  readonly id: string;
  readonly signatures: readonly Signature[];
  /** The signed transaction as it is submitted, stored and passed on. Spec §4.4. */
  readonly bytes: Uint8Array;
};

/**
 * Signs a transaction, one signer after the other; signatures that it has stay. A signer whose key has signed already is
 * passed over. What signers give is verified. Throws {@link RegistryError}, and what a signer throws.
 *
 * @example
 * const signed = await signTransaction(transaction, [mine, hers]);
 */
export async function signTransaction(
  transaction: { readonly bodyBytes: Uint8Array; readonly signatures?: readonly Signature[] },
  signers: Signer | readonly Signer[],
): Promise<SignedTransaction> {
  const { bodyBytes } = transaction;
  const signatures = [...(transaction.signatures ?? [])];
  const message = signedMessageOf(transactionIdOf(bodyBytes));
  for (const { publicKey, sign } of Array.isArray(signers) ? (signers as Signer[]) : [signers as Signer]) {
    if (signatures.some((known) => equalBytes(known.publicKey, publicKey))) continue;
    signatures.push({ publicKey, signature: await sign(message) });
  }
  return readSigned(encodeTransaction(bodyBytes, signatures));
}

/**
 * Reads a signed transaction that came from elsewhere and verifies its signatures. Whether they are enough is for the
 * ledger to say. Throws {@link RegistryError}.
 *
 * @example
 * const signed = readSigned(bytes);
 * console.log(reviewTransaction(signed.bodyBytes));
 */
export function readSigned(bytes: Uint8Array): SignedTransaction {
  const transaction = acceptedOf(decodeTransaction(bytes));
  acceptedOf(checkSignatures(transaction, verify));
  const { bodyBytes, id, signatures } = transaction;
  return { bodyBytes, id: bytesToHex(id), signatures, bytes };
}
