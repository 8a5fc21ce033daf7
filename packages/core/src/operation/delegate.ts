import type { Code } from "@cityroot/codes/ma/code";
import type { Attributes } from "../attribute/attribute.ts";
import type { Text } from "../attribute/text.ts";
import { type CborValue, encodeCbor } from "../cbor.ts";
import { sha256 } from "../hash.ts";
import { isJsonObject } from "../json.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { narrows } from "../rule/narrow.ts";
import type { Rule } from "../rule/rule.ts";
import { firstVersion } from "../state/history.ts";
import { encodeHolder, type KeySet, keySetToCbor } from "../state/holder.ts";
import { holderKey, prefixKey, ruleKey } from "../state/key.ts";
import { encodePrefix, encodePrefixRules } from "../state/prefix.ts";
import type { Authority } from "./authority.ts";
import { type ApplyContext, authoriseRecord } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { attributesField, classField, type Described, descriptionOf } from "./description.ts";
import { bytesField, checkNames, codeField, type Field, nullableField, rejectField } from "./field.ts";
import { keySetField, nameField } from "./key-set-field.ts";
import { checkPlacement, countIssued } from "./place-code.ts";
import { ruleField } from "./rule-field.ts";
import { type Found, findRecord, standingOf } from "./standing.ts";
import { changeRecord, storeRecord } from "./store-entry.ts";
import { checkHolder } from "./transfer.ts";

/** An organisation that is to hold prefixes: its name and its keys. Its id follows from both. Spec §4.3. */
export type HolderDeclaration = { readonly name: Text; readonly keys: KeySet };

/** Gives a child prefix to a holder. Spec §7.1. */
export type Delegate = Pick<Described, "class" | "attributes"> & {
  readonly prefix: Code;
  /** The id of a holder that the ledger knows, or the declaration of a new one. */
  readonly holder: Uint8Array | HolderDeclaration;
  /** What the delegator binds the child to, beyond its own rule; null for nothing. */
  readonly rule: Rule | null;
};

const idField = bytesField(20);

/** A holder, by id (hexadecimal in JSON) or declared. */
export const holderField: Field<Uint8Array | HolderDeclaration> = {
  fromCbor: (value, path) => {
    if (value instanceof Uint8Array) return idField.fromCbor(value, path);
    if (!Array.isArray(value) || value.length !== 2) return rejectField(path, "an id or [name, keys]", value);
    const [name, keys] = value as CborValue[];
    return declaration(nameField.fromCbor(name, `${path}.name`), keySetField.fromCbor(keys, `${path}.keys`));
  },
  toCbor: (holder) =>
    holder instanceof Uint8Array ? holder : [nameField.toCbor(holder.name), keySetField.toCbor(holder.keys)],
  fromJson: (value, path) => {
    if (!isJsonObject(value)) return idField.fromJson(value, path);
    const known = checkNames(value, ["name", "keys"], path);
    if (!known.ok) return known;
    return declaration(
      nameField.fromJson(value["name"], `${path}.name`),
      keySetField.fromJson(value["keys"], `${path}.keys`),
    );
  },
  toJson: (holder) =>
    holder instanceof Uint8Array
      ? idField.toJson(holder)
      : { name: nameField.toJson(holder.name), keys: keySetField.toJson(holder.keys) },
};

function declaration(name: Outcome<Text>, keys: Outcome<KeySet>): Outcome<HolderDeclaration> {
  if (!name.ok) return name;
  return keys.ok ? accept({ name: name.value, keys: keys.value }) : keys;
}

/** Id of a declared holder: the first 20 bytes of the SHA-256 of its CBOR form. Spec §4.3. */
export function holderIdOf(holder: HolderDeclaration): Uint8Array {
  return sha256(encodeCbor([nameField.toCbor(holder.name), keySetToCbor(holder.keys)])).slice(0, 20);
}

export const delegate: OperationDefinition<Delegate> = {
  number: 1,
  fields: {
    prefix: codeField,
    holder: holderField,
    rule: nullableField(ruleField),
    class: classField,
    attributes: attributesField,
  },
  roleOf: () => accept("registrar"),
  apply: (operation, context) => {
    const { prefix } = operation;
    const standing = standingOf(context.state, prefix);
    // A code that was issued keeps what was said of it, so that is what the rules judge.
    const said =
      standing.kind === "record" ? standing.record : standing.kind === "in-range" ? standing.interval : null;
    const authority = checkPlacement(context, {
      code: prefix,
      act: "delegate",
      class: said?.class ?? operation.class,
      attributes: (said?.attributes as unknown as Attributes | undefined) ?? operation.attributes,
      count: standing.kind === "free" ? 1 : 0,
    });
    if (!authority.ok) return authority;
    if (context.state.get(prefixKey(prefix)) !== undefined) {
      return reject("PREFIX_TAKEN", `${prefix} was delegated already`, {
        field: "prefix",
        expected: "a prefix that was never delegated",
        got: prefix,
        fix: "transfer it instead",
      });
    }
    const bound =
      operation.rule === null ? accept(undefined) : checkNarrows(authority.value, prefix, operation.rule);
    if (!bound.ok) return bound;
    const recorded = recordPrefix(
      context,
      authority.value,
      operation,
      standing.kind === "free" ? (standing.within?.first ?? null) : undefined,
    );
    if (!recorded.ok) return recorded;
    return installPrefix(context, operation);
  },
};

/** Whether a rule lies within every rule that binds the prefix already. Refusal: RULE_WIDENS. */
export function checkNarrows(authority: Authority, prefix: Code, rule: Rule): Outcome<void> {
  for (const binding of authority.rules) {
    const within = narrows(rule, prefix, binding.rule, binding.prefix);
    if (!within.ok) return within;
  }
  return accept(undefined);
}

/** Sees that the prefix has a record: `within` is undefined for one that was issued already. */
function recordPrefix(
  context: ApplyContext,
  authority: Authority,
  operation: Delegate,
  within: Code | null | undefined,
): Outcome<void> {
  const { prefix } = operation;
  if (within === undefined) {
    const found = findRecord(context.state, prefix, null);
    if (!found.ok) return found;
    const { record } = found.value;
    const authorised = authoriseRecord(context, prefix, record.holder, "above");
    if (!authorised.ok) return authorised;
    const active = checkActive(prefix, record.status);
    if (active.ok) materialise(context, prefix, found.value);
    return active;
  }
  countIssued(context, authority, 1);
  return storeRecord(context, prefix, {
    ...firstVersion(context.block),
    ...descriptionOf({ ...operation, links: [], commitments: [] }),
    status: "active",
    within,
    holder: null,
    succession: null,
    reason: null,
  });
}

/**
 * A code of a range becomes a prefix with a record of its own; one that has a record keeps it. One that was handed on
 * alone goes with its prefix from now on, or whoever it was handed to would stay over the new holder's own prefix.
 */
function materialise(context: ApplyContext, prefix: Code, found: Found): void {
  if (found.bytes !== null && found.record.holder === null) return;
  changeRecord(context, prefix, found, { holder: null });
}

function checkActive(prefix: Code, status: string): Outcome<void> {
  if (status === "active") return accept(undefined);
  const name = status === "retired" ? "CODE_RETIRED" : "CODE_SUSPENDED";
  return reject(name, `${prefix} is ${status}`, { field: "prefix", expected: "a code in use", got: status });
}

/** Writes the prefix, its rules and its holder, without asking anyone: delegation and genesis end here. */
export function installPrefix(
  context: Pick<ApplyContext, "state" | "block" | "authority">,
  operation: Pick<Delegate, "prefix" | "holder" | "rule">,
): Outcome<void> {
  const { state, block } = context;
  const { prefix, holder, rule } = operation;
  const id = holder instanceof Uint8Array ? holder : holderIdOf(holder);
  if (holder instanceof Uint8Array) {
    const known = checkHolder(context, holder);
    if (!known.ok) return known;
  } else if (state.get(holderKey(id)) === undefined) {
    const name = nameField.toCbor(holder.name);
    state.set(
      holderKey(id),
      encodeHolder({ ...firstVersion(block), name, keys: holder.keys, pending: null }),
    );
  }
  state.set(prefixKey(prefix), encodePrefix({ ...firstVersion(block), holder: id, status: "active" }));
  if (rule !== null)
    state.set(ruleKey(prefix), encodePrefixRules({ ...firstVersion(block), bound: rule, own: null }));
  context.authority.forget();
  return accept(undefined);
}
