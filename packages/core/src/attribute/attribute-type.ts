import { type Code, isCode, parseCode } from "@cityroot/codes/ma/code";
import { unreachable } from "../assert.ts";
import { bytesToHex, hexToBytes } from "../hex.ts";
import type { Json } from "../json.ts";
import { DIGEST_BYTES } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { checkLegacy, type Legacy, legacyFromJson, legacyToJson } from "./legacy.ts";
import { checkMediaType } from "./media-type.ts";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "./personal-number.ts";
import { type Place, refuse, within } from "./refuse.ts";
import { checkText, type Text, textFromJson, textToJson } from "./text.ts";
import { checkToken } from "./token.ts";

/**
 * What an attribute may hold. Spec §6.2:
 * `text` texts by language; `token` a word for programs; `media-type` a media type; `integer` a whole number from `min`
 * to `max`; `year` a year of the Gregorian calendar, 1 to 9999; `place` a {@link Point}; `digest` a SHA-256 digest;
 * `code` an MA code; `legacy` codes of other systems.
 */
export type AttributeType =
  | { readonly kind: "text" | "token" | "media-type" | "year" | "place" | "digest" | "code" | "legacy" }
  | { readonly kind: "integer"; readonly min: number; readonly max: number };

/**
 * A point of the earth's surface in WGS 84: latitude and longitude in units of 1e-7 degrees, whole numbers. North and
 * east are positive; latitude lies from -90 to 90 degrees, longitude above -180 and up to 180.
 */
export type Point = readonly [latitudeE7: number, longitudeE7: number];

/** The value of an attribute, which is its CBOR form too. */
export type AttributeValue = Text | string | number | Point | Uint8Array | Legacy;

const LATITUDE_E7_MAX = 900_000_000;
const LONGITUDE_E7_MAX = 1_800_000_000;
const YEAR_MAX = 9_999;

/** Reads a value of the type in its canonical CBOR form. */
export function checkAttributeValue(
  type: AttributeType,
  value: unknown,
  place: Place,
): Outcome<AttributeValue> {
  switch (type.kind) {
    case "text":
      return checkText(value, place);
    case "token":
      return checkToken(value, place);
    case "media-type":
      return checkMediaType(value, place);
    case "integer":
      return checkInteger(value, type.min, type.max, place);
    case "year":
      return checkInteger(value, 1, YEAR_MAX, place);
    case "place":
      return checkPoint(value, place);
    case "digest":
      return checkDigest(value, place);
    case "code":
      return checkCode(value, place);
    case "legacy":
      return checkLegacy(value, place);
    default:
      return unreachable(type);
  }
}

/**
 * Reads a value of the type in its JSON form: as in CBOR, but texts are an object from language to text, digests are
 * hexadecimal, legacy codes are objects, and codes are made canonical.
 */
export function attributeValueFromJson(
  type: AttributeType,
  value: Json | undefined,
  place: Place,
): Outcome<AttributeValue> {
  switch (type.kind) {
    case "text":
      return textFromJson(value, place);
    case "digest":
      return digestFromJson(value, place);
    case "code":
      return codeFromJson(value, place);
    case "legacy":
      return legacyFromJson(value, place);
    default:
      return checkAttributeValue(type, value, place);
  }
}

/** JSON form of a value of the type. */
export function attributeValueToJson(type: AttributeType, value: AttributeValue): Json {
  switch (type.kind) {
    case "text":
      return textToJson(value as Text);
    case "digest":
      return bytesToHex(value as Uint8Array);
    case "legacy":
      return legacyToJson(value as Legacy);
    default:
      return value as string | number | Point;
  }
}

/** Reads a SHA-256 digest. */
export function checkDigest(value: unknown, place: Place): Outcome<Uint8Array> {
  if (value instanceof Uint8Array && value.length === DIGEST_BYTES) return accept(value);
  return refuse(place, { expected: `a digest of ${DIGEST_BYTES} bytes`, got: value });
}

/** Reads the JSON form of a digest: lower or upper case hexadecimal. */
export function digestFromJson(value: Json | undefined, place: Place): Outcome<Uint8Array> {
  const bytes =
    typeof value === "string" && value.length === 2 * DIGEST_BYTES ? hexToBytes(value) : undefined;
  if (bytes !== undefined) return accept(bytes);
  return refuse(place, { expected: `a digest of ${2 * DIGEST_BYTES} hexadecimal digits`, got: value });
}

function checkInteger(value: unknown, min: number, max: number, place: Place): Outcome<number> {
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
    return refuse(place, { expected: `a whole number from ${min} to ${max}`, got: value });
  }
  // JSON knows a negative zero, the ledger does not.
  return accept(value === 0 ? 0 : value);
}

function checkPoint(value: unknown, place: Place): Outcome<Point> {
  if (!Array.isArray(value) || value.length !== 2) {
    return refuse(place, { expected: "latitude and longitude in units of 1e-7 degrees", got: value });
  }
  const latitude = checkInteger(value[0], -LATITUDE_E7_MAX, LATITUDE_E7_MAX, within(place, "[0]"));
  if (!latitude.ok) return latitude;
  const longitude = checkInteger(value[1], 1 - LONGITUDE_E7_MAX, LONGITUDE_E7_MAX, within(place, "[1]"));
  return longitude.ok ? accept([latitude.value, longitude.value]) : longitude;
}

function checkCode(value: unknown, place: Place): Outcome<Code> {
  if (typeof value === "string" && isCode(value)) {
    const firewall = checkNoPersonalNumber(place.field, value, PERSONAL_NUMBER_KINDS_IN_CODES);
    return firewall.ok ? accept(value) : firewall;
  }
  const parsed = typeof value === "string" ? parseCode(value) : undefined;
  if (parsed?.ok)
    return refuse(place, { expected: "the canonical form of a code", got: value, fix: parsed.value });
  return refuse(place, {
    expected: "an MA code",
    got: value,
    ...(parsed?.fault.fix && { fix: parsed.fault.fix }),
  });
}

function codeFromJson(value: Json | undefined, place: Place): Outcome<Code> {
  const parsed = typeof value === "string" ? parseCode(value) : undefined;
  return checkCode(parsed?.ok ? parsed.value : value, place);
}
