import type { Code } from "@cityroot/codes/ma/code";
import type { CborValue } from "../cbor.ts";
import { decodeVersioned, ENTRY_TYPES, elementOf, encodeVersioned, type Version } from "./entry.ts";
import { type Federation, federationFromCbor, federationToCbor } from "./federation.ts";

/** Whether a code is in use. Numbers are consensus. Spec §6.1. */
export const STATUSES = ["active", "suspended", "retired"] as const;
export type Status = (typeof STATUSES)[number];

/** Why a code was superseded. Numbers (positions) are consensus. Spec §7.12. */
export const SUCCESSIONS = ["rename", "merge", "split"] as const;
export type Succession = (typeof SUCCESSIONS)[number];

/** What a code's issuer says of it: the public part that records, ranges and batches share. Spec §6.2. */
export type Description = {
  /** Class of the thing, such as `division` or `transit-stop`. */
  readonly class: string;
  /** Attributes in their canonical CBOR form `[[name, value], ...]`, sorted by name. */
  readonly attributes: CborValue;
  /** Links in their canonical CBOR form, sorted by relation, target and language. */
  readonly links: CborValue;
  /** Commitments in their canonical CBOR form `[[name, digest], ...]`, sorted by name. */
  readonly commitments: CborValue;
};

/**
 * What the ledger says of a code. Spec §6.1:
 * `[6, version, since, peaks, status, class, attributes, links, commitments, within, holder, successors, reason]`, where
 * within is null, the first code of the interval around, or, at that first code itself, `[first code, interval's entry]`.
 * The record of a federated prefix has one element more, the federation.
 */
export type Record = Version &
  Description & {
    readonly status: Status;
    /** First code of the interval that this code lies within, when one was issued around it; else null. */
    readonly within: Code | null;
    /**
     * Bytes of that interval's own entry, where this code is its first: the record stands at the entry's key and so has
     * to carry it, or all other codes of the interval would be gone. Absent in any other record.
     */
    readonly interval?: Uint8Array;
    /** Id of the holder that this code was transferred to; null while it goes with its prefix. */
    readonly holder: Uint8Array | null;
    /** How and into which codes this one was superseded, or null. */
    readonly succession: { readonly kind: Succession; readonly codes: readonly Code[] } | null;
    /** Token that says why the status is not active, or null. */
    readonly reason: string | null;
    /** The network that serves what lies below the code, which is a prefix; absent where this one does. Spec §6.10. */
    readonly federation?: Federation;
  };

/** Canonical bytes of a record. */
export function encodeRecord(record: Record): Uint8Array {
  const { succession, within, interval, federation } = record;
  return encodeVersioned(ENTRY_TYPES.record, record, [
    STATUSES.indexOf(record.status),
    record.class,
    record.attributes,
    record.links,
    record.commitments,
    interval === undefined ? within : [within, interval],
    record.holder,
    succession === null ? null : [SUCCESSIONS.indexOf(succession.kind), succession.codes],
    record.reason,
    ...(federation === undefined ? [] : [federationToCbor(federation)]),
  ]);
}

/** Elements of a record's array, without a federation. */
const RECORD_PARTS = 13;

/** Elements of every versioned entry before those of its own. */
const VERSION_PARTS = 4;

/** First byte of an array of as many elements as the record of a federated prefix has. */
const FEDERATED_HEAD = 0x80 + RECORD_PARTS + 1;

/** The record of an entry's bytes; undefined when the entry is no record. */
export function decodeRecord(bytes: Uint8Array): Record | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.record) return undefined;
  const federation = federationOf(entry.body);
  if (federation === undefined) return undefined;
  const [status, class_, attributes, links, commitments, within, holder, succession, reason] = entry.body;
  const statusName = typeof status === "number" ? STATUSES[status] : undefined;
  if (statusName === undefined || typeof class_ !== "string") return undefined;
  if (!Array.isArray(attributes) || !Array.isArray(links) || !Array.isArray(commitments)) return undefined;
  const place = placeOf(within);
  if (place === undefined) return undefined;
  if (holder !== null && !(holder instanceof Uint8Array && holder.length === 20)) return undefined;
  if (reason !== null && typeof reason !== "string") return undefined;
  const successors = successionOf(succession);
  if (successors === undefined) return undefined;
  return {
    ...entry.version,
    status: statusName,
    class: class_,
    attributes,
    links,
    commitments,
    ...place,
    holder,
    succession: successors,
    reason,
    ...federation,
  };
}

function federationOf(body: readonly CborValue[]): Pick<Record, "federation"> | undefined {
  const rest = body.slice(RECORD_PARTS - VERSION_PARTS);
  if (body.length === RECORD_PARTS - VERSION_PARTS) return {};
  const federation = rest.length === 1 ? federationFromCbor(rest[0]) : undefined;
  return federation === undefined ? undefined : { federation };
}

function placeOf(value: CborValue | undefined): Pick<Record, "within" | "interval"> | undefined {
  if (value === null || typeof value === "string") return { within: value as Code | null };
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [within, interval] = value as CborValue[];
  if (typeof within !== "string" || !(interval instanceof Uint8Array)) return undefined;
  return { within: within as Code, interval };
}

function successionOf(value: CborValue | undefined): Record["succession"] | undefined {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [kind, codes] = value as CborValue[];
  const name = typeof kind === "number" ? SUCCESSIONS[kind] : undefined;
  if (name === undefined || !Array.isArray(codes)) return undefined;
  if (!codes.every((code) => typeof code === "string")) return undefined;
  return { kind: name, codes: codes as Code[] };
}

/** Place of the holder in a record's array. */
const HOLDER_PLACE = 10;

/** The holder of a record's bytes, which are those of an entry of the state: read alone, without what stands before it. */
export function holderOfRecord(bytes: Uint8Array): Uint8Array | null {
  const holder = elementOf(bytes, HOLDER_PLACE);
  return holder instanceof Uint8Array ? holder : null;
}

/** Whether an entry's bytes are a record, read from their head alone. */
export function isRecord(bytes: Uint8Array): boolean {
  return entryTypeOf(bytes) === ENTRY_TYPES.record;
}

/** Whether an entry's bytes are the record of a federated prefix, read from their head alone. */
export function isFederatedRecord(bytes: Uint8Array): boolean {
  return bytes[0] === FEDERATED_HEAD && isRecord(bytes);
}

/** The type of an entry, read from its second byte: every type is below 24, so it is one byte after the array's head. */
export function entryTypeOf(bytes: Uint8Array): number | undefined {
  return bytes[1];
}

/** Place of `within` in a record's array. */
const WITHIN_PLACE = 9;

/** The first code of the interval that a record lies within, or null; without decoding the rest of the record. */
export function withinOf(bytes: Uint8Array): Code | null {
  const within = elementOf(bytes, WITHIN_PLACE);
  const first = Array.isArray(within) ? within[0] : within;
  return typeof first === "string" ? (first as Code) : null;
}
