import type { Code } from "@cityroot/codes/ma/code";
import { assert } from "../assert.ts";
import { equalBytes } from "../hex.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { Federation } from "../state/federation.ts";
import { codeKey, isKeyAtOrBelow, NETWORK_KEY, prefixKey } from "../state/key.ts";
import { decodeNetwork } from "../state/network.ts";
import { type ApplyContext, authorise } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { federationField } from "./federation-field.ts";
import { codeField, nullableField } from "./field.ts";
import { findRecord } from "./standing.ts";
import { changeRecord } from "./store-entry.ts";

/**
 * Says which other network serves what lies below a prefix, or with null that this one does. Spec §7.16. It takes the
 * place of what was said before.
 */
export type Federate = { readonly prefix: Code; readonly federation: Federation | null };

export const federate: OperationDefinition<Federate> = {
  number: 16,
  fields: { prefix: codeField, federation: nullableField(federationField) },
  roleOf: () => accept("root"),
  apply: ({ prefix, federation }, context) => {
    if (context.state.get(prefixKey(prefix)) === undefined) {
      return reject("PREFIX_UNKNOWN", `${prefix} was never delegated`, {
        field: "prefix",
        expected: "a delegated prefix",
        got: prefix,
      });
    }
    const authority = authorise(context, prefix, "at-or-above");
    if (!authority.ok) return authority;
    const allowed =
      federation === null
        ? checkFederated(prefix, authority.value.isFederated)
        : checkTarget(context, prefix, federation);
    if (!allowed.ok) return allowed;
    const found = findRecord(context.state, prefix, null);
    if (!found.ok) return found;
    // Nothing takes the place of a federation that ends.
    const { federation: _, ...record } = found.value.record;
    const changes = federation === null ? {} : { federation };
    changeRecord(context, prefix, { ...found.value, record }, changes);
    context.authority.forget();
    return accept(undefined);
  },
};

function checkFederated(prefix: Code, isFederated: boolean): Outcome<void> {
  if (isFederated) return accept(undefined);
  return reject("PREFIX_NOT_FEDERATED", `${prefix} is served by this network`, {
    field: "prefix",
    expected: "a prefix that another network serves",
    got: prefix,
  });
}

/** Whether a network can serve what lies below: it is another one, and nothing was issued here. */
function checkTarget({ state }: ApplyContext, prefix: Code, { genesis }: Federation): Outcome<void> {
  const own = decodeNetwork(state.get(NETWORK_KEY)!);
  assert(own !== undefined, "the state has the entry of its network");
  if (equalBytes(own.genesis, genesis)) {
    return reject("FEDERATION_MALFORMED", "federation.genesis: expected another network's, got this one's", {
      field: "federation.genesis",
      expected: "the genesis digest of another network",
      got: `that of ${own.id}`,
    });
  }
  // Every prefix, record and interval below has an entry there.
  const key = codeKey(prefix);
  const next = state.after(key);
  if (next === undefined || !isKeyAtOrBelow(next.key, key)) return accept(undefined);
  return reject("PREFIX_NOT_EMPTY", `codes were issued below ${prefix} on this network`, {
    field: "prefix",
    expected: "a prefix below which nothing was issued",
    got: prefix,
    fix: "federate a new prefix, and supersede the codes that were issued",
  });
}
