import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { operationToJson } from "@cityroot/core/operation/operation";
import { decodeBody, transactionIdOf } from "@cityroot/core/transaction";
import { acceptedOf } from "./error.ts";

/** What a transaction says, for people to look at before they sign. */
export type TransactionReview = {
  /** Id of the transaction in hexadecimal: SHA-256 of the bytes. */
  readonly id: string;
  readonly network: string;
  /** Id of the holder in hexadecimal. */
  readonly holder: string;
  /** The last height at which it may enter the ledger. */
  readonly lastHeight: number;
  readonly nonce: number;
  readonly operations: readonly { readonly [name: string]: Json }[];
};

/**
 * Reads what the bytes of a transaction's body say. What is signed are the bytes: look at what this gives, not at what
 * someone says that it is. Throws {@link RegistryError}.
 *
 * @example
 * const { operations } = reviewTransaction(bodyBytes);
 */
export function reviewTransaction(bodyBytes: Uint8Array): TransactionReview {
  const body = acceptedOf(decodeBody(bodyBytes));
  return {
    id: bytesToHex(transactionIdOf(bodyBytes)),
    network: body.network,
    holder: bytesToHex(body.holder),
    lastHeight: body.lastHeight,
    nonce: body.nonce,
    operations: body.operations.map(operationToJson),
  };
}
