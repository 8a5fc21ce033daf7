import type { Json } from "@cityroot/core/json";
import type { Role } from "@cityroot/core/key/role";
import type { KeySet } from "@cityroot/core/state/holder";
import { multikeyOf } from "./multikey.ts";

/** A DID document, or a part of one. */
export type DidObject = { readonly [name: string]: Json };

/**
 * What a role is among DID Core's verification relationships. docs/spec/did-method.md, §4.2, has the reasons. Nothing that a key of
 * one role may do follows from another relationship.
 */
const RELATIONSHIPS: readonly (readonly [relationship: string, role: Role])[] = [
  ["authentication", "records"],
  ["assertionMethod", "records"],
  ["capabilityInvocation", "root"],
  ["capabilityDelegation", "registrar"],
];

const DID_CONTEXT = "https://www.w3.org/ns/did/v1";
const MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1";
/** Terms of thresholds, defined in place: no context that others host has them for good. */
const THRESHOLD_TERMS = {
  ConditionalProof2022: "https://w3id.org/security#ConditionalProof2022",
  conditionThreshold: { "@id": "https://w3id.org/security#conditionThreshold", "@type": "@id" },
  threshold: "https://w3id.org/security#threshold",
} as const;

/** The DID document of an organisation, from its keys alone. */
export function documentOfHolder(did: string, keys: KeySet): DidObject {
  const ids = keys.keys.map((key) => `${did}#${multikeyOf(key)}`);
  const plain = keys.keys.map((key, at) => ({
    id: ids[at]!,
    type: "Multikey",
    controller: did,
    publicKeyMultibase: multikeyOf(key),
  }));
  const thresholds = thresholdsOf(did, keys, ids);
  const relationships = RELATIONSHIPS.map(([relationship, role]) => {
    const { needed, keys: positions } = keys.roles[role];
    // Where several have to sign, no key is listed alone: whoever knows no thresholds then verifies nothing, and not too much.
    return [relationship, needed > 1 ? [`${did}#${role}`] : positions.map((at) => ids[at]!)];
  });
  return {
    "@context": [DID_CONTEXT, MULTIKEY_CONTEXT, ...(thresholds.length > 0 ? [{ ...THRESHOLD_TERMS }] : [])],
    id: did,
    controller: did,
    verificationMethod: [...plain, ...thresholds],
    ...Object.fromEntries(relationships),
  };
}

function thresholdsOf(did: string, { roles }: KeySet, ids: readonly string[]): readonly DidObject[] {
  return (["root", "registrar", "records"] as const).flatMap((role) => {
    const { needed, keys: positions } = roles[role];
    if (needed === 1) return [];
    return [
      {
        id: `${did}#${role}`,
        type: "ConditionalProof2022",
        controller: did,
        threshold: needed,
        conditionThreshold: positions.map((at) => ids[at]!),
      },
    ];
  });
}
