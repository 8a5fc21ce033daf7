import { isJsonObject, type Json } from "../json.ts";
import { LEGACY_CHARACTERS_MAX, LEGACY_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { checkNoPersonalNumber } from "./personal-number.ts";
import { type Place, refuse, within } from "./refuse.ts";
import { checkToken } from "./token.ts";

/**
 * Codes that a thing has in other systems: pairs of scheme and value, such as `["gtin", "09521234543213"]`, sorted by
 * scheme and then value, each pair once. A scheme is a token; a value is 1 to {@link LEGACY_CHARACTERS_MAX}
 * printable ASCII characters without a space at either end. In JSON a list of `{ scheme, value }`. Spec §6.2.
 */
export type Legacy = readonly (readonly [scheme: string, value: string])[];

const EXPECTED_LIST = `a list of 1 to ${LEGACY_MAX} legacy codes`;
const EXPECTED_VALUE = `1 to ${LEGACY_CHARACTERS_MAX} printable ASCII characters, no space at either end`;

/** Reads legacy codes in their canonical CBOR form. */
export function checkLegacy(value: unknown, place: Place): Outcome<Legacy> {
  if (!Array.isArray(value) || value.length === 0 || value.length > LEGACY_MAX) {
    return refuse(place, { expected: EXPECTED_LIST, got: value });
  }
  for (let index = 0; index < value.length; index++) {
    const checked = checkPair(value[index], within(place, `[${index}]`));
    if (!checked.ok) return checked;
    if (index > 0 && comparePairs(value[index - 1], value[index]) >= 0) {
      return refuse(place, {
        expected: "legacy codes sorted by scheme and value, each once",
        got: `${value[index][0]} ${value[index][1]}`,
      });
    }
  }
  return accept(value as unknown as Legacy);
}

/** Reads the JSON form of legacy codes, in any order. */
export function legacyFromJson(value: Json | undefined, place: Place): Outcome<Legacy> {
  if (!Array.isArray(value) || value.length > LEGACY_MAX)
    return refuse(place, { expected: EXPECTED_LIST, got: value });
  const pairs: (readonly [string, string])[] = [];
  for (const [index, element] of (value as readonly Json[]).entries()) {
    const at = within(place, `[${index}]`);
    if (
      !isJsonObject(element) ||
      Object.keys(element).some((name) => name !== "scheme" && name !== "value")
    ) {
      return refuse(at, { expected: "an object of scheme and value", got: element });
    }
    const { scheme, value: code } = element;
    const checked = checkPair([scheme, code], at);
    if (!checked.ok) return checked;
    pairs.push(checked.value);
  }
  pairs.sort(comparePairs);
  return checkLegacy(pairs, place);
}

/** JSON form of legacy codes. */
export function legacyToJson(legacy: Legacy): Json {
  return legacy.map(([scheme, value]) => ({ scheme, value }));
}

type Pair = Legacy[number];

function comparePairs(a: Pair, b: Pair): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] === b[1] ? 0 : a[1] < b[1] ? -1 : 1;
}

function checkPair(pair: unknown, place: Place): Outcome<Pair> {
  if (!Array.isArray(pair) || pair.length !== 2) {
    return refuse(place, { expected: "a pair of scheme and value", got: pair });
  }
  const [scheme, value] = pair as unknown[];
  const token = checkToken(scheme, within(place, ".scheme"));
  if (!token.ok) return token;
  const at = within(place, ".value");
  if (typeof value !== "string" || !isLegacyValue(value))
    return refuse(at, { expected: EXPECTED_VALUE, got: value });
  const firewall = checkNoPersonalNumber(at.field, value);
  return firewall.ok ? accept(pair as unknown as Pair) : firewall;
}

function isLegacyValue(text: string): boolean {
  if (text.length === 0 || text.length > LEGACY_CHARACTERS_MAX) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return text.charCodeAt(0) !== 0x20 && text.charCodeAt(text.length - 1) !== 0x20;
}
