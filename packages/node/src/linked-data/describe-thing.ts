import type { Code } from "@cityroot/codes/ma/code";
import { systemOf } from "@cityroot/codes/systems/systems";
import type { AttributeName } from "@cityroot/core/attribute/attribute";
import type { Point } from "@cityroot/core/attribute/attribute-type";
import type { Text } from "@cityroot/core/attribute/text";
import type { Json } from "@cityroot/core/json";
import { type Alias, aliasStandingOf, holdsOn, type LegacyCode } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import type { Record } from "@cityroot/core/state/record";
import { attributesOf } from "../api/read/json.ts";
import { degreesText } from "../page/format.ts";
import { type JsonObject, languagesOf } from "./terms.ts";
import { THING_TYPES } from "./thing-types.ts";

/** What is said of a thing in JSON-LD. */
export type Thing = {
  /** Where this registry is reached; empty where addresses are relative. */
  readonly base: string;
  readonly code: Code;
  readonly record: Record;
  /** What the organisation is called that the code is held by, if any. */
  readonly holder: Text | undefined;
  /** What is claimed of the code, of which only what is confirmed and in no conflict is told. */
  readonly claims: readonly { readonly alias: Alias; readonly isContested: boolean }[];
  readonly day: Day;
};

/** A thing in terms of schema.org, as JSON-LD 1.1. */
export function describeThing({ base, code, record, holder, claims, day }: Thing): JsonObject {
  const attributes = new Map<AttributeName, unknown>(attributesOf(record));
  const text = (name: AttributeName): Text | undefined => attributes.get(name) as Text | undefined;
  const linked = (name: AttributeName): JsonObject | undefined => {
    const target = attributes.get(name);
    return typeof target === "string" ? { "@id": `${base}/${target}` } : undefined;
  };
  const place = attributes.get("place") as Point | undefined;
  const type = typeOf(record.class, place !== undefined);
  const legacy = claims.filter(({ alias, isContested }) => !isContested && isSettled(alias, day));
  const belongs = type === "Dataset" || type === "DigitalDocument" ? "isPartOf" : "containedInPlace";
  return {
    "@context": "https://schema.org",
    "@type": type,
    "@id": `${base}/${code}`,
    url: `${base}/${code}`,
    identifier: [
      { "@type": "PropertyValue", propertyID: "MA", name: "MA (ISO/IEC 15459)", value: code },
      ...legacy.map(({ alias }) => identifierOf(alias)),
    ],
    ...globalNumbers(
      type,
      legacy.map(({ alias }) => alias),
    ),
    ...languagesOf("name", text("name")),
    ...languagesOf("alternateName", text("alternative-name")),
    ...languagesOf("description", text("description")),
    ...(place !== undefined && { geo: geoOf(place) }),
    ...languagesOf("address", text("address")),
    ...(text("manufacturer") !== undefined && {
      manufacturer: { "@type": "Organization", ...languagesOf("name", text("manufacturer")) },
    }),
    ...(typeof attributes.get("model") === "string" && { model: attributes.get("model") as string }),
    ...allUnder([belongs, linked("located-in")], ["isPartOf", linked("part-of")]),
    ...(holder !== undefined && { maintainer: { "@type": "Organization", ...languagesOf("name", holder) } }),
    additionalProperty: [
      { "@type": "PropertyValue", name: "class", value: record.class },
      { "@type": "PropertyValue", name: "status", value: record.status },
      { "@type": "PropertyValue", name: "version", value: record.version },
    ],
    dateModified: new Date(record.since.timeMs).toISOString(),
  };
}

/** What stands under each name: one value, or several as a list. */
function allUnder(
  ...values: readonly (readonly [name: string, value: JsonObject | undefined])[]
): JsonObject {
  const found = new Map<string, JsonObject[]>();
  for (const [name, value] of values) {
    if (value !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
  }
  return Object.fromEntries(
    [...found].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? null) : all]),
  );
}

function typeOf(class_: string, hasPlace: boolean): string {
  if (Object.hasOwn(THING_TYPES, class_)) return THING_TYPES[class_] ?? "Thing";
  return hasPlace ? "Place" : "Thing";
}

/** Whether a claim is one that a stranger may rely on: the same thing, confirmed, and of this day. */
function isSettled(alias: Alias, day: Day): boolean {
  return alias.relation === "same-as" && aliasStandingOf(alias) === "confirmed" && holdsOn(alias, day);
}

function identifierOf({ system, value }: LegacyCode): JsonObject {
  const known = systemOf(system);
  return {
    "@type": "PropertyValue",
    propertyID: system,
    ...(known !== undefined && { name: known.title.en }),
    value,
  };
}

/** Numbers for which schema.org has properties of their own. */
function globalNumbers(type: string, aliases: readonly LegacyCode[]): JsonObject {
  const found: { [name: string]: Json } = {};
  for (const { system, value } of aliases) {
    if (/^gtin-(8|12|13|14)$/.test(system) && type === "Product") found[system.replace("-", "")] = value;
    if (system === "gln" && type !== "Product" && type !== "Thing") found["globalLocationNumber"] = value;
    if (system === "lei" && type.endsWith("Organization")) found["leiCode"] = value;
  }
  return found;
}

function geoOf([latitude, longitude]: Point): JsonObject {
  return { "@type": "GeoCoordinates", latitude: signed(latitude), longitude: signed(longitude) };
}

/** Decimal degrees as text: to seven places, exact. */
export function signed(valueE7: number): string {
  return `${valueE7 < 0 ? "-" : ""}${degreesText(valueE7)}`;
}
