import {
  type AttributeChanges,
  type Attributes,
  attributeChangesFromJson,
  attributesFromJson,
  attributesToJson,
  checkAttributeChanges,
  checkAttributes,
} from "../attribute/attribute.ts";
import { checkClassName } from "../attribute/class.ts";
import {
  type Commitment,
  commitmentsFromCbor,
  commitmentsFromJson,
  commitmentsToCbor,
  commitmentsToJson,
} from "../attribute/commitment.ts";
import { type Link, linksFromCbor, linksFromJson, linksToCbor, linksToJson } from "../attribute/link.ts";
import type { CborValue } from "../cbor.ts";
import { accept } from "../outcome.ts";
import type { Description } from "../state/record.ts";
import type { Field } from "./field.ts";

/** What an operation says of the codes that it issues. Spec §6.2. */
export type Described = {
  readonly class: string;
  readonly attributes: Attributes;
  readonly links: readonly Link[];
  readonly commitments: readonly Commitment[];
};

/** Class of a thing. */
export const classField: Field<string> = {
  fromCbor: checkClassName,
  toCbor: (value) => value,
  fromJson: checkClassName,
  toJson: (value) => value,
};

/** Attributes; in JSON an object by name, and nothing means none. */
export const attributesField: Field<Attributes> = {
  fromCbor: checkAttributes,
  toCbor: (value) => value as CborValue,
  fromJson: (value, path) => (value === undefined ? accept([]) : attributesFromJson(value, path)),
  toJson: attributesToJson,
};

/** Changes of attributes: a value sets, null removes. */
export const attributeChangesField: Field<AttributeChanges> = {
  fromCbor: checkAttributeChanges,
  toCbor: (value) => value as CborValue,
  fromJson: (value, path) => (value === undefined ? accept([]) : attributeChangesFromJson(value, path)),
  toJson: attributesToJson,
};

/** Links to what is said elsewhere. */
export const linksField: Field<readonly Link[]> = {
  fromCbor: linksFromCbor,
  toCbor: linksToCbor,
  fromJson: (value, path) => (value === undefined ? accept([]) : linksFromJson(value, path)),
  toJson: linksToJson,
};

/** Salted commitments to what stays off the ledger. */
export const commitmentsField: Field<readonly Commitment[]> = {
  fromCbor: commitmentsFromCbor,
  toCbor: commitmentsToCbor,
  fromJson: (value, path) => (value === undefined ? accept([]) : commitmentsFromJson(value, path)),
  toJson: commitmentsToJson,
};

/** The description as it stands in an entry. */
export function descriptionOf(described: Described): Description {
  return {
    class: described.class,
    attributes: described.attributes as CborValue,
    links: linksToCbor(described.links),
    commitments: commitmentsToCbor(described.commitments),
  };
}
