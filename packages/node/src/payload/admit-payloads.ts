import { bytesToHex } from "@cityroot/core/hex";
import type { IssueBatch } from "@cityroot/core/operation/issue-batch";
import { accept, type Outcome, reject } from "@cityroot/core/outcome";
import type { Transaction } from "@cityroot/core/transaction";
import type { PayloadStore, StoredPayload } from "./payload-store.ts";

/**
 * Whether the items of every batch that a transaction issues are here, and are what it says of them: what is issued can
 * be resolved from the first moment. Spec §6.8.3. It reads what the index says of the items, and none of them. Refusals,
 * batch by batch: PAYLOAD_MISSING, PAYLOAD_MISMATCH for the first field that differs.
 */
export function admitPayloads(payloads: Pick<PayloadStore, "find">, transaction: Transaction): Outcome<void> {
  for (const [at, operation] of transaction.body.operations.entries()) {
    if (operation.type !== "issue-batch") continue;
    const stored = payloads.find(operation.payloadDigest);
    const admitted = stored === undefined ? refuseMissing(operation) : checkMatches(operation, stored);
    if (!admitted.ok) return { ok: false, rejection: { ...admitted.rejection, operation: at } };
  }
  return accept(undefined);
}

function refuseMissing({ first, payloadDigest }: IssueBatch): Outcome<never> {
  return reject("PAYLOAD_MISSING", `the items of the batch from ${first} are not here`, {
    field: "payloadDigest",
    expected: "the digest of a payload that this node holds",
    got: bytesToHex(payloadDigest),
    fix: "send the items to /v1/payloads first",
  });
}

/** Whether an operation says of its payload what the payload is. Its codes share a parent, so the first one tells that. */
function checkMatches(operation: IssueBatch, stored: StoredPayload): Outcome<void> {
  const said: readonly (readonly [field: string, expected: string, got: string])[] = [
    ["first", stored.first, operation.first],
    ["last", stored.last, operation.last],
    ["count", `${stored.count}`, `${operation.count}`],
    ["root", bytesToHex(stored.root), bytesToHex(operation.root)],
    ["payloadBytes", `${stored.sizeBytes}`, `${operation.payloadBytes}`],
  ];
  const differing = said.find(([, expected, got]) => expected !== got);
  if (differing === undefined) return accept(undefined);
  const [field, expected, got] = differing;
  return reject("PAYLOAD_MISMATCH", `the items of the batch from ${operation.first} have another ${field}`, {
    field,
    expected,
    got,
    fix: `say ${field} as the payload has it, or send the items that are meant`,
  });
}
