import { accept } from "../outcome.ts";
import type { KeySet } from "../state/holder.ts";
import type { OperationDefinition } from "./definition.ts";
import { keySetField } from "./key-set-field.ts";
import { changeHolder } from "./store-entry.ts";

/** Gives the transaction's holder new keys in place of all it had. Spec §7.3. A recovery under way goes on. */
export type RotateKeys = { readonly keys: KeySet };

export const rotateKeys: OperationDefinition<RotateKeys> = {
  number: 3,
  fields: { keys: keySetField },
  roleOf: () => accept("root"),
  apply: ({ keys }, context) => {
    changeHolder(context, { keys });
    return accept(undefined);
  },
};
