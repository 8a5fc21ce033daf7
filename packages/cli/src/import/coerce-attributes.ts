import { ATTRIBUTES, isAttributeName } from "@cityroot/core/attribute/attribute";
import type { AttributeType } from "@cityroot/core/attribute/attribute-type";
import type { Json } from "@cityroot/core/json";
import type { Template } from "./template.ts";

/**
 * Gives attributes that were written as text the types that the ledger wants: numbers, points, lists of legacy codes.
 * What cannot be read stays as it came, for the rules of form to refuse by name.
 */
export function coerceAttributes(attributes: { readonly [name: string]: Template }): {
  readonly [name: string]: Json;
} {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      isAttributeName(name) ? coerceValue(ATTRIBUTES[name].kind, value) : (value as Json),
    ]),
  );
}

function coerceValue(kind: AttributeType["kind"], value: Template): Json {
  switch (kind) {
    case "integer":
    case "year":
      return typeof value === "string" && /^-?[0-9]{1,15}$/.test(value) ? Number(value) : (value as Json);
    case "place":
      return placeOf(value);
    case "legacy":
      return Array.isArray(value) ? (value as Json) : [value as Json];
    default:
      return value as Json;
  }
}

function placeOf(value: Template): Json {
  const pair = typeof value === "string" ? value.split(",") : pairOf(value);
  if (pair === undefined || pair.length !== 2) return value as Json;
  const [latitude, longitude] = pair.map((text) => degreesE7(text.trim()));
  return latitude === undefined || longitude === undefined ? (value as Json) : [latitude, longitude];
}

function pairOf(value: Template): readonly string[] | undefined {
  if (typeof value === "string" || Array.isArray(value)) return undefined;
  const { latitude, longitude } = value as { readonly [name: string]: Template };
  return typeof latitude === "string" && typeof longitude === "string" ? [latitude, longitude] : undefined;
}

/** Degrees in decimal as whole units of 1e-7 degrees, without a float in between; a further digit rounds. */
export function degreesE7(text: string): number | undefined {
  const match = /^([+-]?)([0-9]{1,3})(?:\.([0-9]{1,20}))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  const digits = fraction.padEnd(8, "0");
  const rounds = digits.charCodeAt(7) >= 0x35 ? 1 : 0;
  const units = Number(whole) * 10_000_000 + Number(digits.slice(0, 7)) + rounds;
  return sign === "-" && units !== 0 ? -units : units;
}
