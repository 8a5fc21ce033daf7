import { equalBytes } from "@cityroot/core/hex";
import { encodeTransaction, type Signature } from "@cityroot/core/transaction";
import { RegistryError } from "./error.ts";
import { readSigned, type SignedTransaction } from "./sign-transaction.ts";

/**
 * Puts the signatures of one transaction together that were made apart, each key's once. All of them have to be over the
 * same bytes. Throws {@link RegistryError}.
 *
 * @example
 * const signed = mergeSignatures([fromTheBureau, fromTheCity]);
 */
export function mergeSignatures(parts: readonly (SignedTransaction | Uint8Array)[]): SignedTransaction {
  const read = parts.map((part) => readSigned(part instanceof Uint8Array ? part : part.bytes));
  const [first, ...others] = read;
  if (first === undefined) throw new RangeError("parts: expected at least one signed transaction, got none");
  for (const other of others) {
    if (equalBytes(other.bodyBytes, first.bodyBytes)) continue;
    throw new RegistryError({
      rejection: "TRANSACTION_MALFORMED",
      detail: "the signatures are over different transactions",
      field: "body",
      expected: `the transaction ${first.id}`,
      got: other.id,
      fix: "have everyone sign the same bytes",
    });
  }
  const signatures: Signature[] = [];
  for (const signature of read.flatMap((part) => part.signatures)) {
    if (signatures.every((known) => !equalBytes(known.publicKey, signature.publicKey)))
      signatures.push(signature);
  }
  return readSigned(encodeTransaction(first.bodyBytes, signatures));
}
