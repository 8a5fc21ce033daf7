import type { Code } from "@cityroot/codes/ma/code";
import { accept, reject } from "../outcome.ts";
import { decodeCodingSystem, encodeCodingSystem } from "../state/coding-system.ts";
import { firstVersion, nextVersion } from "../state/history.ts";
import { codingSystemKey, prefixKey } from "../state/key.ts";
import type { OperationDefinition } from "./definition.ts";
import { codeField, nullableField, tokenField } from "./field.ts";
import { authoriseGovernor } from "./governor.ts";

/**
 * Names the prefix that is the authority of a coding system, or with null that none is. Spec §7.21. It takes the place of
 * what was said before.
 */
export type SetCodingSystem = { readonly system: string; readonly authority: Code | null };

export const setCodingSystem: OperationDefinition<SetCodingSystem> = {
  number: 21,
  fields: { system: tokenField, authority: nullableField(codeField) },
  roleOf: () => accept("root"),
  apply: ({ system, authority }, context) => {
    const governor = authoriseGovernor(context);
    if (!governor.ok) return governor;
    if (authority !== null && context.state.get(prefixKey(authority)) === undefined) {
      return reject("PREFIX_UNKNOWN", `${authority} was never delegated`, {
        field: "authority",
        expected: "a delegated prefix",
        got: authority,
      });
    }
    const key = codingSystemKey(system);
    const bytes = context.state.get(key);
    const before = bytes === undefined ? undefined : decodeCodingSystem(bytes);
    if ((before?.authority ?? null) === authority) {
      return reject("ALIAS_STANDS", `the coding system ${system} has this authority already`, {
        field: "authority",
        expected: "another authority",
        got: authority ?? "none",
      });
    }
    const version =
      before === undefined || bytes === undefined
        ? firstVersion(context.block)
        : nextVersion(before, bytes, context.block);
    context.state.set(key, encodeCodingSystem({ ...version, system, authority }));
    return accept(undefined);
  },
};
