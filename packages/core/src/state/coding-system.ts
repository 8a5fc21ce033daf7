import { type Code, isCode } from "@cityroot/codes/ma/code";
import { decodeVersioned, ENTRY_TYPES, encodeVersioned, type Version } from "./entry.ts";

/**
 * Who decides over a coding system: its authority, a prefix, whose holder confirms or disputes what is claimed of its codes.
 * Spec §5.19: `[13, version, since, peaks, system, prefix / null]`.
 */
export type CodingSystemEntry = Version & {
  /** Name of the system, a token of lower case letters, digits and hyphens. */
  readonly system: string;
  /** Null where it has no authority any more. */
  readonly authority: Code | null;
};

/** Canonical bytes of the entry. */
export function encodeCodingSystem(entry: CodingSystemEntry): Uint8Array {
  return encodeVersioned(ENTRY_TYPES.system, entry, [entry.system, entry.authority]);
}

/** The coding system of an entry's bytes; undefined when it holds none. */
export function decodeCodingSystem(bytes: Uint8Array): CodingSystemEntry | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.system || entry.body.length !== 2) return undefined;
  const [system, authority] = entry.body;
  if (typeof system !== "string") return undefined;
  if (authority !== null && (typeof authority !== "string" || !isCode(authority))) return undefined;
  return { ...entry.version, system, authority };
}
