import { bytesToHex } from "@cityroot/core/hex";
import { accept, type Outcome, reject } from "@cityroot/core/outcome";
import type { Transaction } from "@cityroot/core/transaction";
import type { PayloadStore } from "./payload-store.ts";

/**
 * Whether the items of every batch that a transaction issues are here: what is issued can be resolved from the first
 * moment. Refusal: PAYLOAD_MISSING.
 */
export function admitPayloads(payloads: Pick<PayloadStore, "has">, transaction: Transaction): Outcome<void> {
  for (const operation of transaction.body.operations) {
    if (operation.type !== "issue-batch" || payloads.has(operation.payloadDigest)) continue;
    const digest = bytesToHex(operation.payloadDigest);
    return reject("PAYLOAD_MISSING", `the items of the batch from ${operation.first} are not here`, {
      field: "payloadDigest",
      expected: "the digest of a payload that this node holds",
      got: digest,
      fix: "send the items to /v1/payloads first",
    });
  }
  return accept(undefined);
}
