import { accept } from "../outcome.ts";
import { firstVersion, nextVersion } from "../state/history.ts";
import { VALIDATORS_KEY } from "../state/key.ts";
import { decodeValidators, encodeValidators, type Validator } from "../state/validators.ts";
import type { OperationDefinition } from "./definition.ts";
import { authoriseGovernor } from "./governor.ts";
import { validatorsField } from "./validators-field.ts";

/** Gives the network these validators in place of all it had. Spec §7.14. */
export type SetValidators = { readonly validators: readonly Validator[] };

export const setValidators: OperationDefinition<SetValidators> = {
  number: 14,
  fields: { validators: validatorsField },
  roleOf: () => accept("root"),
  apply: ({ validators }, context) => {
    const authority = authoriseGovernor(context);
    if (!authority.ok) return authority;
    const { state, block } = context;
    const before = state.get(VALIDATORS_KEY);
    const known = before === undefined ? undefined : decodeValidators(before);
    const version =
      before === undefined || known === undefined ? firstVersion(block) : nextVersion(known, before, block);
    state.set(VALIDATORS_KEY, encodeValidators({ ...version, validators }));
    return accept(undefined);
  },
};
