import type { Code } from "@cityroot/codes/ma/code";
import type { Attributes } from "./attribute/attribute.ts";
import { type CborValue, encodeCbor } from "./cbor.ts";
import { sha256 } from "./hash.ts";
import { bytesToHex } from "./hex.ts";
import { isJsonObject, type Json } from "./json.ts";
import { authorityIndex } from "./operation/authority.ts";
import { type HolderDeclaration, holderField, installPrefix } from "./operation/delegate.ts";
import { attributesField, classField, descriptionOf } from "./operation/description.ts";
import {
  checkNames,
  codeField,
  countField,
  listField,
  nullableField,
  rejectField,
} from "./operation/field.ts";
import { ruleField } from "./operation/rule-field.ts";
import { storeRecord } from "./operation/store-entry.ts";
import { validatorsField } from "./operation/validators-field.ts";
import { accept, type Outcome, reject } from "./outcome.ts";
import type { Rule } from "./rule/rule.ts";
import { firstVersion } from "./state/history.ts";
import { NETWORK_KEY, prefixKey, replayKey, VALIDATORS_KEY } from "./state/key.ts";
import { encodeNetwork, type Network } from "./state/network.ts";
import { encodeReplay } from "./state/replay.ts";
import { encodeValidators, type Validator } from "./state/validators.ts";
import type { MutableState } from "./state/view.ts";

/** A prefix that exists from the beginning, with nothing above it. */
export type RootPrefix = {
  readonly prefix: Code;
  readonly holder: HolderDeclaration;
  readonly rule: Rule | null;
  readonly class: string;
  readonly attributes: Attributes;
};

/** What a network begins with. Spec §8.1: everyone who has it computes the same first state. */
export type Genesis = {
  /** Lower case letters, digits and hyphens, at most 32: the first part of the network's id. */
  readonly name: string;
  /** Time of block 0, in milliseconds since 1970-01-01 UTC. */
  readonly timeMs: number;
  readonly roots: readonly RootPrefix[];
  /** Who decides together on its blocks, 1 to 64; left out where one node decides alone. */
  readonly validators?: readonly Validator[];
};

/** The version of the protocol that this package implements. */
export const PROTOCOL_VERSION = 1;

/** Most root prefixes of a network. */
const ROOTS_MAX = 256;

/** CBOR form of a genesis: `[1, name, timeMs, [[prefix, holder, rule, class, attributes], ...]]`, and its validators, if any. */
export function genesisToCbor(genesis: Genesis): CborValue {
  const roots = genesis.roots.map((root) => [
    root.prefix,
    holderField.toCbor(root.holder),
    root.rule === null ? null : ruleField.toCbor(root.rule),
    root.class,
    attributesField.toCbor(root.attributes),
  ]);
  const { name, timeMs, validators } = genesis;
  const parts = [PROTOCOL_VERSION, name, timeMs, roots];
  return validators === undefined ? parts : [...parts, validatorsField.toCbor(validators)];
}

/** The network that a genesis begins: its id names the digest, so that no other genesis can take its place. */
export function networkOf(genesis: Genesis): Network {
  const digest = sha256(encodeCbor(genesisToCbor(genesis)));
  return {
    id: `${genesis.name}-${bytesToHex(digest.subarray(0, 4))}`,
    genesis: digest,
    protocol: PROTOCOL_VERSION,
  };
}

/**
 * Writes the first state: the network, the root prefixes with their holders, rules and records, and the validators. Spec §8.1. Refusals:
 * PREFIX_TAKEN for a prefix given twice, RECORD_TOO_LARGE.
 */
export function applyGenesis(state: MutableState, genesis: Genesis): Outcome<Network> {
  const network = networkOf(genesis);
  const block = { height: 0, timeMs: genesis.timeMs };
  state.set(NETWORK_KEY, encodeNetwork(network));
  // Slot 0 exists from the beginning, so that the tree always ends in an entry that is no code.
  state.set(replayKey(0), encodeReplay({ height: 0, ids: [], lastHeights: [] }));
  for (const root of genesis.roots) {
    if (state.get(prefixKey(root.prefix)) !== undefined) return refuseSecond(root.prefix);
    const installed = installPrefix({ state, block, authority: authorityIndex() }, root);
    if (!installed.ok) return installed;
    const stored = storeRecord({ state }, root.prefix, {
      ...firstVersion(block),
      ...descriptionOf({ ...root, links: [], commitments: [] }),
      status: "active",
      within: null,
      holder: null,
      succession: null,
      reason: null,
    });
    if (!stored.ok) return stored;
  }
  const { validators } = genesis;
  if (validators !== undefined) {
    state.set(VALIDATORS_KEY, encodeValidators({ ...firstVersion(block), validators }));
  }
  return accept(network);
}

function refuseSecond(prefix: Code): Outcome<never> {
  return reject("PREFIX_TAKEN", `${prefix} is a root prefix for the second time`, {
    field: "roots",
    expected: "each prefix once",
    got: prefix,
  });
}

/** JSON form of a genesis. */
export function genesisToJson(genesis: Genesis): { readonly [name: string]: Json } {
  return {
    name: genesis.name,
    timeMs: genesis.timeMs,
    roots: genesis.roots.map((root) => ({
      prefix: root.prefix,
      holder: holderField.toJson(root.holder),
      rule: root.rule === null ? null : ruleField.toJson(root.rule),
      class: root.class,
      attributes: attributesField.toJson(root.attributes),
    })),
    ...(genesis.validators !== undefined && { validators: validatorsField.toJson(genesis.validators) }),
  };
}

/** Reads a genesis of its JSON form; faults name the field. */
export function genesisFromJson(value: Json | undefined): Outcome<Genesis> {
  if (!isJsonObject(value)) return rejectField("genesis", "an object", value);
  const known = checkNames(value, ["name", "timeMs", "roots", "validators"], "genesis");
  if (!known.ok) return known;
  const { name } = value as { name?: Json };
  if (typeof name !== "string" || !/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    return rejectField("name", "1 to 32 lower case letters, digits and hyphens", name);
  }
  const timeMs = countField.fromJson(value["timeMs"], "timeMs");
  if (!timeMs.ok) return timeMs;
  const roots = listField(
    {
      fromCbor: () => rejectField("roots", "JSON", null),
      toCbor: () => null,
      fromJson: rootFromJson,
      toJson: () => null,
    },
    1,
    ROOTS_MAX,
  ).fromJson(value["roots"], "roots");
  if (!roots.ok) return roots;
  const genesis = { name, timeMs: timeMs.value, roots: roots.value };
  if (value["validators"] === undefined) return accept(genesis);
  const validators = validatorsField.fromJson(value["validators"], "validators");
  return validators.ok ? accept({ ...genesis, validators: validators.value }) : validators;
}

function rootFromJson(value: Json | undefined, path: string): Outcome<RootPrefix> {
  if (!isJsonObject(value)) return rejectField(path, "an object", value);
  const known = checkNames(value, ["prefix", "holder", "rule", "class", "attributes"], path);
  if (!known.ok) return known;
  const prefix = codeField.fromJson(value["prefix"], `${path}.prefix`);
  if (!prefix.ok) return prefix;
  const holder = holderField.fromJson(value["holder"], `${path}.holder`);
  if (!holder.ok) return holder;
  if (holder.value instanceof Uint8Array) return rejectField(`${path}.holder`, "a declared holder", "an id");
  const rule = nullableField(ruleField).fromJson(value["rule"], `${path}.rule`);
  if (!rule.ok) return rule;
  const class_ = classField.fromJson(value["class"], `${path}.class`);
  if (!class_.ok) return class_;
  const attributes = attributesField.fromJson(value["attributes"], `${path}.attributes`);
  if (!attributes.ok) return attributes;
  return accept({
    prefix: prefix.value,
    holder: holder.value,
    rule: rule.value,
    class: class_.value,
    attributes: attributes.value,
  });
}
