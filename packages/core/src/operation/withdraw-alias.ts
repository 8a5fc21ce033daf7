import { accept } from "../outcome.ts";
import { type AliasName, encodeAlias, keyOfAlias } from "../state/alias.ts";
import { nextVersion } from "../state/history.ts";
import { ALIAS_NAME_FIELDS } from "./alias-field.ts";
import { authoriseClaimant } from "./claim-alias.ts";
import type { OperationDefinition } from "./definition.ts";
import { findAlias } from "./judge-alias.ts";

/** Takes a claim back. Spec §7.20. It stays on the ledger as one that was withdrawn. */
export type WithdrawAlias = AliasName;

export const withdrawAlias: OperationDefinition<WithdrawAlias> = {
  number: 20,
  fields: ALIAS_NAME_FIELDS,
  roleOf: () => accept("records"),
  apply: (name, context) => {
    const speaks = authoriseClaimant(context, name.claimant);
    if (!speaks.ok) return speaks;
    const found = findAlias(context, name);
    if (!found.ok) return found;
    const { alias, bytes } = found.value;
    const next = { ...alias, ...nextVersion(alias, bytes, context.block), isWithdrawn: true };
    context.state.set(keyOfAlias(name), encodeAlias(next));
    return accept(undefined);
  },
};
