import type { Code } from "@cityroot/codes/ma/code";
import { type ListedEntry, verifyList } from "@cityroot/core/proof/verify-list";
import { decodeInterval } from "@cityroot/core/state/interval";
import { decodeRecord, isRecord } from "@cityroot/core/state/record";
import { PROOF_MEDIA_TYPE, requestBytes } from "./answer.ts";
import type { Client } from "./client.ts";
import { ProofError, provenOf } from "./error.ts";
import {
  descriptionOf,
  intervalOf,
  type ResolvedDescription,
  type ResolvedInterval,
  type ResolvedRecord,
  type ResolvedReferral,
  recordOf,
  referralOf,
  type Verification,
  verificationOf,
} from "./resolution.ts";
import { codeOf } from "./verify-bundle.ts";

/** Most entries that one request may ask for. */
export const LIST_LIMIT_MAX = 10_000;
/** Entries of a part when nobody says how many. */
const LIST_LIMIT = 500;
/** Longest part of a list that is read, in bytes of its answer. */
const LIST_BYTES_MAX = 67_108_864;

/** See {@link list}. */
export type ListParameters = {
  /** Begin after this code in place of the beginning. */
  readonly after?: string;
  /** Most entries of a part, 1 to {@link LIST_LIMIT_MAX}; 500 when absent. */
  readonly limit?: number;
  /** Ends the current request early. */
  readonly signal?: AbortSignal;
};

/** A range or batch with what it says of its codes. */
export type ListedInterval = ResolvedInterval & { readonly description: ResolvedDescription };

/** An entry of a list: a code with its record, or a range or batch that stands for many codes. */
export type ListEntry =
  | {
      readonly type: "record";
      readonly code: Code;
      readonly record: ResolvedRecord;
      /** The range or batch that begins with this code, which got a record of its own after; else null. */
      readonly interval: ListedInterval | null;
    }
  | {
      readonly type: "range" | "batch";
      /** The first of its codes. */
      readonly code: Code;
      readonly record: null;
      readonly interval: ListedInterval;
    };

/** A part of a list that is proven to be without a gap. */
export type ListPart = {
  readonly entries: readonly ListEntry[];
  /** Nothing follows: all parts together are the complete list. */
  readonly isLast: boolean;
  /** The network that has the list instead, where the prefix lies below one that another network serves; else null. */
  readonly referral: ResolvedReferral | null;
  readonly verified: Verification;
};

/**
 * What lies at or below a prefix, in order of the tree, part by part. Each part is proven to begin where the one before
 * ended and to leave nothing out; the part that `isLast` proves that nothing follows. Parts may be as of different
 * blocks: since nothing is ever removed, all of them together hold at least what there was at the first one's block.
 * Throws {@link ProofError}, {@link TransportError}, {@link RegistryError} `CODE_MALFORMED`.
 *
 * @example
 * for await (const { entries } of list(client, "MA.156.1301")) {
 *   for (const entry of entries) console.log(entry.code, entry.type);
 * }
 */
export async function* list(
  client: Client,
  prefix: string,
  parameters: ListParameters = {},
): AsyncGenerator<ListPart, void, undefined> {
  const below = codeOf(prefix, "prefix");
  const { limit = LIST_LIMIT, signal } = parameters;
  if (!Number.isInteger(limit) || limit < 1 || limit > LIST_LIMIT_MAX) {
    throw new RangeError(`limit: expected 1 to ${LIST_LIMIT_MAX}, got ${limit}`);
  }
  let after = parameters.after === undefined ? undefined : codeOf(parameters.after, "after");
  for (;;) {
    const part = await fetchPart(client, below, { after, limit, signal });
    yield part;
    const last = part.entries.at(-1);
    if (part.isLast || last === undefined) return;
    after = last.code;
  }
}

type PartParameters = {
  readonly after: Code | undefined;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
};

async function fetchPart(client: Client, prefix: Code, parameters: PartParameters): Promise<ListPart> {
  const { after, limit, signal } = parameters;
  const notBefore = await client.checkpoints.floor();
  const bytes = await requestBytes(client, {
    path: `v1/lists/${prefix}`,
    query: { after, limit },
    accept: PROOF_MEDIA_TYPE,
    bytesMax: LIST_BYTES_MAX,
    signal,
  });
  const options = { policy: client.policy, notBefore, seen: client.checkpoints.signatures };
  const part = provenOf(verifyList(bytes, prefix, after, options));
  await client.checkpoints.advance(part.checkpoint);
  return {
    entries: part.entries.map(entryOf),
    isLast: part.isLast,
    referral: part.referral === null ? null : referralOf(part.referral),
    verified: verificationOf(part),
  };
}

function entryOf({ code, value }: ListedEntry): ListEntry {
  if (!isRecord(value)) {
    const interval = listedInterval(code, value);
    return { type: interval.type, code, record: null, interval };
  }
  const record = decodeRecord(value);
  if (record === undefined) return unknownEntry(code);
  const interval = record.interval === undefined ? null : listedInterval(code, record.interval);
  return { type: "record", code, record: recordOf(record, true), interval };
}

function listedInterval(first: Code, bytes: Uint8Array): ListedInterval {
  const interval = decodeInterval(first, bytes) ?? unknownEntry(first);
  return { ...intervalOf(interval), description: descriptionOf(interval) };
}

function unknownEntry(code: Code): never {
  throw new ProofError("entry-unknown", `the entry of ${code} is of a form that this version does not know`);
}
