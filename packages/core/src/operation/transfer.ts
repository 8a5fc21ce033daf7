import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "../hex.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { holderKey, prefixKey } from "../state/key.ts";
import { checkNotRetired } from "./change-status.ts";
import { type ApplyContext, authoriseRecord } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { bytesField, codeField } from "./field.ts";
import { itemProofField } from "./item-proof-field.ts";
import { findRecord, type ItemProof } from "./standing.ts";
import { changePrefix, changeRecord } from "./store-entry.ts";

/**
 * Hands a code to another holder. Spec §7.13. A prefix goes over with all that lies below it; a code that is no prefix
 * goes alone, and its new holder maintains its record from then on.
 */
export type Transfer = {
  readonly code: Code;
  /** Id of the new holder, which the ledger has to know. */
  readonly to: Uint8Array;
  readonly item: ItemProof | null;
};

export const transfer: OperationDefinition<Transfer> = {
  number: 13,
  fields: { code: codeField, to: bytesField(20), item: itemProofField },
  roleOf: () => accept("root"),
  apply: ({ code, to, item }, context) => {
    const found = findRecord(context.state, code, item);
    if (!found.ok) return found;
    const { record } = found.value;
    const authority = authoriseRecord(context, code, record.holder, "at-or-above");
    if (!authority.ok) return authority;
    const inUse = checkNotRetired(code, record.status);
    if (!inUse.ok) return inUse;
    const known = checkHolder(context, to);
    if (!known.ok) return known;
    if (context.state.get(prefixKey(code)) === undefined) {
      changeRecord(context, code, found.value, { holder: to });
    } else {
      changePrefix(context, code, { holder: to });
    }
    return accept(undefined);
  },
};

/** Whether the ledger knows a holder. Refusal: HOLDER_UNKNOWN. */
export function checkHolder(context: Pick<ApplyContext, "state">, id: Uint8Array): Outcome<void> {
  if (context.state.get(holderKey(id)) !== undefined) return accept(undefined);
  return reject("HOLDER_UNKNOWN", `no holder has the id ${bytesToHex(id)}`, {
    field: "to",
    expected: "the id of a holder that the ledger knows",
    got: bytesToHex(id),
  });
}
