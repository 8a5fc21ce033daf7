import { APPLICATION_IDENTIFIERS } from "@cityroot/codes/gs1/application-identifiers";
import { decompressDigitalLink } from "@cityroot/codes/gs1/compressed-link";
import {
  type DigitalLink,
  type DigitalLinkOutcome,
  parseDigitalLink,
} from "@cityroot/codes/gs1/digital-link";
import { elementOf } from "@cityroot/codes/gs1/element";
import { refuseForm } from "@cityroot/codes/systems/refusal";

/**
 * Keys that lead an address here: those that lead a GS1 Digital Link URI, and the numbers of parties to a delivery, which the
 * schema of description files names too. Not 8018, which names a person who is served: numbers of persons are refused.
 */
export const PRIMARY_KEYS: readonly string[] = [
  ...["00", "01", "253", "255", "401", "402", "410", "411", "412", "413", "414", "415", "417"],
  ...["8003", "8004", "8006", "8010", "8013", "8017"],
];

/** Numbers of parties that the standard reads as attributes alone; they are read as 414 is. */
const PARTY_KEYS: readonly string[] = ["410", "411", "412", "413"];
const LIKE_PARTIES = "414";

/** An address as it was read, and whether it was compressed. */
export type ReadAddress =
  | { readonly ok: true; readonly value: DigitalLink; readonly isCompressed: boolean }
  | (DigitalLinkOutcome & { readonly ok: false });

/** Where addresses are read against: no host is judged. */
const ORIGIN = "https://resolver.invalid";

/**
 * Reads path and query of a request as a GS1 Digital Link URI that begins with its key, plain or compressed. A slash at the end is
 * passed over. GS1-Conformant Resolver Standard 1.2, 2.4, 2.13.
 */
export function readAddress(path: string, query: string, year: number): ReadAddress {
  const trimmed = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
  const [, first = "", second = ""] = trimmed.split("/");
  const isKey = APPLICATION_IDENTIFIERS.has(first);
  const more = query === "" ? "" : `?${query}`;
  if (!isKey) return decompress(trimmed, more, year);
  const plain = PARTY_KEYS.includes(first)
    ? parseParty(first, trimmed, more, year)
    : parseDigitalLink(ORIGIN + trimmed + more, year);
  if (plain.ok && plain.value.stem === ORIGIN) return { ...plain, isCompressed: false };
  const compressed = second === "" ? undefined : decompress(trimmed, more, year);
  if (compressed?.ok) return compressed;
  return plain.ok ? refuseStem(trimmed) : relative(plain);
}

function decompress(path: string, more: string, year: number): ReadAddress {
  const read = decompressDigitalLink(ORIGIN + path + more, year);
  if (!read.ok) return relative(read);
  return read.value.stem === ORIGIN ? { ...read, isCompressed: true } : refuseStem(path);
}

/** Whether a path of one segment may hold compressed elements: long enough for a key, in the letters of base64url. */
export function looksCompressed(path: string): boolean {
  return COMPRESSED.test(path);
}

const COMPRESSED = /^\/[A-Za-z0-9_-]{8,512}\/?$/;

function parseParty(ai: string, path: string, more: string, year: number): DigitalLinkOutcome {
  const read = parseDigitalLink(`${ORIGIN}/${LIKE_PARTIES}${path.slice(ai.length + 1)}${more}`, year);
  if (!read.ok) {
    const field = read.fault.field === `(${LIKE_PARTIES})` ? `(${ai})` : read.fault.field;
    return { ok: false, fault: { ...read.fault, field } };
  }
  const identifier = APPLICATION_IDENTIFIERS.get(ai);
  const key = identifier && elementOf(identifier, read.value.key.value, year);
  // A party has no places within it.
  if (key === undefined || !key.ok || read.value.qualifiers.length > 0) return refuseStem(path);
  return { ok: true, value: { ...read.value, key: key.value } };
}

function refuseStem(path: string): DigitalLinkOutcome & { readonly ok: false } {
  const expected =
    "a key of GS1 and its value at the beginning, such as /01/09521234543213, then what goes with it";
  return refuseForm({ field: "path", expected, got: path, at: 0 });
}

/** Places are those of the request. */
function relative(
  refused: DigitalLinkOutcome & { readonly ok: false },
): DigitalLinkOutcome & { readonly ok: false } {
  const { fault } = refused;
  if (fault.at === undefined) return refused;
  return { ok: false, fault: { ...fault, at: Math.max(0, fault.at - ORIGIN.length) } };
}
