import { assert } from "../assert.ts";
import { isJsonObject, type Json } from "../json.ts";
import { ATTRIBUTES_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import {
  type AttributeType,
  type AttributeValue,
  attributeValueFromJson,
  attributeValueToJson,
  checkAttributeValue,
} from "./attribute-type.ts";
import { type Place, refuse, showValue, within } from "./refuse.ts";

/**
 * Every public attribute that a record may have, in canonical order. What is not in this list has no place on the
 * ledger: the list is what keeps personal data away, so it has no field for a person. Spec §6.2.
 */
export const ATTRIBUTES = {
  /** Postal address of the thing. */
  address: { kind: "text" },
  /** Another name in use: short, former or popular. */
  "alternative-name": { kind: "text" },
  /** What kind of thing it is in the issuer's own catalogue, finer than its class. */
  category: { kind: "token" },
  /** The office that answers for the thing, such as `street-lighting`; never a person. */
  "contact-role": { kind: "token" },
  /** One sentence. */
  description: { kind: "text" },
  /** Up to a hundred kilometres, as no thing that gets a code is longer. */
  "height-mm": { kind: "integer", min: 0, max: 100_000_000 },
  "installed-year": { kind: "year" },
  /** Codes of the same thing in other systems. */
  legacy: { kind: "legacy" },
  /** Rank in a hierarchy, such as `county` of a division. */
  level: { kind: "token" },
  /** The thing or division that this one stands in. */
  "located-in": { kind: "code" },
  manufacturer: { kind: "text" },
  material: { kind: "token" },
  /** Of a coded document or data set. */
  "media-type": { kind: "media-type" },
  model: { kind: "token" },
  name: { kind: "text" },
  /** The thing that this one is a part of. */
  "part-of": { kind: "code" },
  place: { kind: "place" },
  /** SHA-256 of the schema that a coded data set follows. */
  schema: { kind: "digest" },
  /** First year in which the thing existed or held. */
  "valid-from-year": { kind: "year" },
  /** Last year in which the thing existed or held. */
  "valid-until-year": { kind: "year" },
  "width-mm": { kind: "integer", min: 0, max: 100_000_000 },
} as const;

/** Name of a public attribute. */
export type AttributeName = keyof typeof ATTRIBUTES;

const TYPES: ReadonlyMap<string, AttributeType> = new Map(Object.entries(ATTRIBUTES));

assert(TYPES.size <= ATTRIBUTES_MAX, "a record must be able to have every attribute");

/** Attributes of a record: pairs of name and value sorted by name, each name once. This is their CBOR form too. */
export type Attributes = readonly (readonly [name: AttributeName, value: AttributeValue])[];

/** Changes of attributes, in the same form: null removes an attribute, also one that is not there. */
export type AttributeChanges = readonly (readonly [name: AttributeName, value: AttributeValue | null])[];

/** Whether a text is the name of a public attribute. */
export function isAttributeName(text: string): text is AttributeName {
  return TYPES.has(text);
}

/** Reads attributes in their canonical CBOR form `[[name, value], ...]`. */
export function checkAttributes(value: unknown, field = "attributes"): Outcome<Attributes> {
  return checkPairs(value, placeOf(field), checkAttributeValue) as Outcome<Attributes>;
}

/** Reads changes of attributes in their canonical CBOR form `[[name, value or null], ...]`. */
export function checkAttributeChanges(value: unknown, field = "attributes"): Outcome<AttributeChanges> {
  return checkPairs(value, placeOf(field), orNull(checkAttributeValue));
}

/** Reads attributes in their JSON form, an object from name to value. */
export function attributesFromJson(value: Json | undefined, field = "attributes"): Outcome<Attributes> {
  return readObject(value, placeOf(field), attributeValueFromJson) as Outcome<Attributes>;
}

/** Reads changes of attributes in their JSON form, an object from name to value or null. */
export function attributeChangesFromJson(
  value: Json | undefined,
  field = "attributes",
): Outcome<AttributeChanges> {
  return readObject(value, placeOf(field), orNull(attributeValueFromJson));
}

/** JSON form of attributes, or of changes. */
export function attributesToJson(attributes: AttributeChanges): { readonly [name: string]: Json } {
  return Object.fromEntries(
    attributes.map(([name, value]) => [
      name,
      value === null ? null : attributeValueToJson(ATTRIBUTES[name], value),
    ]),
  );
}

/** The attributes after the changes. Both are in canonical form, and so is what comes out. */
export function mergeAttributes(old: Attributes, changes: AttributeChanges): Attributes {
  const merged: Attributes[number][] = [];
  let kept = 0;
  for (const [name, value] of changes) {
    while (kept < old.length && old[kept]![0] < name) merged.push(old[kept++]!);
    if (kept < old.length && old[kept]![0] === name) kept++;
    if (value !== null) merged.push([name, value]);
  }
  for (; kept < old.length; kept++) merged.push(old[kept]!);
  return merged;
}

function placeOf(field: string): Place {
  return { rejection: "ATTRIBUTE_MALFORMED", field };
}

type Reader<V, T> = (type: AttributeType, value: V, place: Place) => Outcome<T>;

function orNull<V>(read: Reader<V, AttributeValue>): Reader<V, AttributeValue | null> {
  return (type, value, place) => (value === null ? accept(null) : read(type, value, place));
}

function checkPairs(
  value: unknown,
  place: Place,
  read: Reader<unknown, AttributeValue | null>,
): Outcome<AttributeChanges> {
  if (!Array.isArray(value) || value.length > TYPES.size) {
    return refuse(place, { expected: `a list of at most ${TYPES.size} attributes`, got: value });
  }
  let before = "";
  for (let index = 0; index < value.length; index++) {
    const pair: unknown = value[index];
    if (!Array.isArray(pair) || pair.length !== 2) {
      return refuse(within(place, `[${index}]`), { expected: "a pair of name and value", got: pair });
    }
    const name: unknown = pair[0];
    const checked = checkOne(name, pair[1], place, read);
    if (!checked.ok) return checked;
    if ((name as string) <= before) {
      return refuse(place, { expected: "attributes sorted by name, each once", got: name });
    }
    before = name as string;
  }
  return accept(value as unknown as AttributeChanges);
}

function readObject(
  value: Json | undefined,
  place: Place,
  read: Reader<Json, AttributeValue | null>,
): Outcome<AttributeChanges> {
  if (!isJsonObject(value)) {
    return refuse(place, { expected: "an object from attribute to value", got: value });
  }
  const pairs: AttributeChanges[number][] = [];
  for (const [name, json] of Object.entries(value)) {
    const checked = checkOne(name, json, place, read);
    if (!checked.ok) return checked;
    pairs.push([name as AttributeName, checked.value]);
  }
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return accept(pairs);
}

function checkOne<V>(
  name: unknown,
  value: V,
  place: Place,
  read: Reader<V, AttributeValue | null>,
): Outcome<AttributeValue | null> {
  const type = typeof name === "string" ? TYPES.get(name) : undefined;
  if (type === undefined) {
    const expected = `one of ${[...TYPES.keys()].join(", ")}`;
    const fix = "use one of these, or keep the value off the ledger and record a commitment to it";
    return refuse(
      { rejection: "ATTRIBUTE_UNKNOWN", field: place.field },
      { expected, got: showValue(name), fix },
    );
  }
  return read(type, value, within(place, `.${name as string}`));
}
