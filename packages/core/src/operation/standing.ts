import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { verifyInclusion } from "../log/inclusion.ts";
import { leafHash } from "../log/tree.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { Federation } from "../state/federation.ts";
import { firstVersion } from "../state/history.ts";
import { decodeInterval, type Interval, isInRange, spans } from "../state/interval.ts";
import { codeKey, codeOfKey, isKeyAtOrBelow, KEY_KINDS, type StateKey } from "../state/key.ts";
import {
  type Description,
  decodeRecord,
  holderOfRecord,
  isFederatedRecord,
  isRecord,
  type Record,
  withinOf,
} from "../state/record.ts";
import type { StateEntry, StateView } from "../state/view.ts";
import { type BatchItem, decodeItem, descriptionOfItem } from "./batch-item.ts";

/** How a code stands on the ledger. Spec §5.10. */
export type Standing =
  /** It has a record of its own. */
  | { readonly kind: "record"; readonly record: Record; readonly bytes: Uint8Array }
  /** It is one of a range's codes and nothing was said of it alone. */
  | { readonly kind: "in-range"; readonly interval: Interval & { type: "range" } }
  /** It lies where a batch's items lie: whether it is one of them, only the batch's items show. */
  | { readonly kind: "in-batch"; readonly interval: Interval & { type: "batch" } }
  /** It lies below a prefix that another network serves: whether it was issued, that network tells. */
  | ({ readonly kind: "federated" } & Referral)
  /** It begins an interval that it is no plain record of: the interval's entry stands at its key. */
  | { readonly kind: "free"; readonly within: Interval | null };

/** Who tells of a code that another network serves: the federated prefix above it, and that prefix's record. */
export type Referral = {
  readonly prefix: Code;
  readonly record: Record & { readonly federation: Federation };
};

/**
 * The referral that the entry before a key gives; undefined where it gives none. Nothing stands below a federated prefix,
 * so that its record is the left neighbour of every key below it: who shows that a code has no entry shows this, too.
 * Spec §5.10.5.
 */
export function referralFrom(left: StateEntry, key: StateKey): Referral | undefined {
  if (left.key.charCodeAt(0) !== KEY_KINDS.code || !isFederatedRecord(left.value)) return undefined;
  if (!isKeyAtOrBelow(key, left.key)) return undefined;
  const prefix = codeOfKey(left.key);
  const record = decodeRecord(left.value);
  if (prefix === undefined || record?.federation === undefined) return undefined;
  return { prefix, record: { ...record, federation: record.federation } };
}

/**
 * The interval around a key, found by its left neighbour: the neighbour is the interval's own entry or a record that
 * names the interval that it lies within. Spec §5.10.
 */
export function intervalAround(view: StateView, key: StateKey): Interval | undefined {
  const own = view.get(key);
  const begun = own === undefined ? undefined : decodeInterval(codeOfKey(key)!, own);
  return begun ?? intervalFromLeft(view, key, view.before(key));
}

/** The same, from the entry before the key, where the key's own is no interval. */
function intervalFromLeft(
  view: StateView,
  key: StateKey,
  left: StateEntry | undefined,
): Interval | undefined {
  if (left === undefined || left.key.charCodeAt(0) !== KEY_KINDS.code) return undefined;
  if (!isRecord(left.value)) {
    const interval = decodeInterval(codeOfKey(left.key)!, left.value);
    return interval !== undefined && spans(interval, key) ? interval : undefined;
  }
  const first = withinOf(left.value);
  if (first === null) return undefined;
  // The first code's own record carries the interval.
  const firstKey = codeKey(first);
  const bytes = firstKey === left.key ? left.value : view.get(firstKey);
  const interval = bytes === undefined ? undefined : decodeInterval(first, bytes);
  return interval !== undefined && spans(interval, key) ? interval : undefined;
}

/** Whether a batch could hold a code: its items share their parent and lie from its first to its last. */
export function couldBeItem(interval: Interval, code: Code): boolean {
  return (
    interval.type === "batch" && parentOf(code) === parentOf(interval.first) && spans(interval, codeKey(code))
  );
}

/** How a code stands. */
export function standingOf(view: StateView, code: Code): Standing {
  const key = codeKey(code);
  const bytes = view.get(key);
  if (bytes !== undefined && isRecord(bytes)) {
    const record = decodeRecord(bytes);
    if (record !== undefined) return { kind: "record", record, bytes };
  }
  const begun = bytes === undefined ? undefined : decodeInterval(code, bytes);
  const left = begun === undefined ? view.before(key) : undefined;
  const referral = left === undefined || bytes !== undefined ? undefined : referralFrom(left, key);
  if (referral !== undefined) return { kind: "federated", ...referral };
  const interval = begun ?? intervalFromLeft(view, key, left);
  if (interval === undefined) return { kind: "free", within: null };
  if (interval.type === "range" && isInRange(interval, code)) return { kind: "in-range", interval };
  if (interval.type === "batch" && couldBeItem(interval, code)) return { kind: "in-batch", interval };
  return { kind: "free", within: interval };
}

/** Proof that an item belongs to a batch: its bytes, its place and its way to the root. Spec §6.7. */
export type ItemProof = {
  readonly item: Uint8Array;
  readonly index: number;
  readonly path: readonly Uint8Array[];
};

/**
 * The item that a proof shows to be one of a batch's, and to be that of `code` unless that is undefined. Refusals:
 * those of a malformed item, ITEM_PROOF_INVALID.
 */
export function checkItem(
  batch: Interval & { type: "batch" },
  code: Code | undefined,
  proof: ItemProof,
): Outcome<BatchItem> {
  const item = decodeItem(proof.item);
  if (!item.ok) return item;
  if (code !== undefined && item.value.code !== code) {
    return refuseItem(`the item of ${code}`, `the item of ${item.value.code}`);
  }
  const inclusion = { index: proof.index, size: batch.count, path: proof.path };
  if (!verifyInclusion(leafHash(proof.item), inclusion, batch.root)) {
    return refuseItem(`a way to the root of the batch from ${batch.first}`, "a way to another root");
  }
  return item;
}

function refuseItem(expected: string, got: string): Outcome<never> {
  return reject(
    "ITEM_PROOF_INVALID",
    `the proof of the batch item does not hold: expected ${expected}, got ${got}`,
    {
      field: "item",
      expected,
      got,
    },
  );
}

/** A record as it stands, with the bytes of its entry, which become the first of its earlier versions. */
export type Found = { readonly record: Record; readonly bytes: Uint8Array | null };

/**
 * The record of an issued code. One of a range or a batch gets the record that its issuing implied: version 1, since
 * the interval was issued, within it. Refusals: CODE_NEVER_ISSUED, PREFIX_FEDERATED, ITEM_PROOF_MISSING,
 * ITEM_PROOF_INVALID.
 */
export function findRecord(view: StateView, code: Code, proof: ItemProof | null): Outcome<Found> {
  const standing = standingOf(view, code);
  switch (standing.kind) {
    case "record":
      return accept({ record: standing.record, bytes: standing.bytes });
    case "in-range":
      return accept(implied(view, code, standing.interval, standing.interval));
    case "in-batch": {
      if (proof === null) {
        return reject("ITEM_PROOF_MISSING", `${code} lies in the batch from ${standing.interval.first}`, {
          field: "item",
          expected: "the proof that the code is one of the batch's items",
          got: "nothing",
          fix: "send the item, its index and its path with the operation",
        });
      }
      const item = checkItem(standing.interval, code, proof);
      if (!item.ok) return item;
      return accept(implied(view, code, standing.interval, descriptionOfItem(standing.interval, item.value)));
    }
    case "federated":
      return refuseFederated(standing.prefix, code);
    case "free":
      return reject("CODE_NEVER_ISSUED", `${code} was never issued`, {
        field: "code",
        expected: "an issued code",
        got: code,
      });
  }
}

/** The holder to whom an issued code was handed; null where it goes with its prefix. Refusals: those of {@link findRecord}. */
export function findHandedTo(
  view: StateView,
  code: Code,
  proof: ItemProof | null,
): Outcome<Uint8Array | null> {
  // Most codes have a record, of which the rest need not be read.
  const bytes = view.get(codeKey(code));
  if (bytes !== undefined && isRecord(bytes)) return accept(holderOfRecord(bytes));
  const found = findRecord(view, code, proof);
  return found.ok ? accept(found.value.record.holder) : found;
}

/** Refuses what concerns a code that another network serves. */
export function refuseFederated(prefix: Code, code: Code): Outcome<never> {
  return reject("PREFIX_FEDERATED", `what lies below ${prefix} is served by another network`, {
    field: "code",
    expected: "a code that this network serves",
    got: code,
    fix: `submit to the network that the record of ${prefix} names`,
  });
}

function implied(view: StateView, code: Code, interval: Interval, description: Description): Found {
  const record = impliedRecord(interval, description);
  // The record of the first code takes the place of the interval's entry, and carries it from then on.
  const entry = view.get(codeKey(code));
  return { record: entry === undefined ? record : { ...record, interval: entry }, bytes: null };
}

/** The record that issuing an interval implied for one of its codes. Spec §6.9. */
export function impliedRecord(
  interval: Interval,
  description: Pick<Record, "class" | "attributes" | "links" | "commitments">,
): Record {
  return {
    ...firstVersion(interval.since),
    status: "active",
    class: description.class,
    attributes: description.attributes,
    links: description.links,
    commitments: description.commitments,
    within: interval.first,
    holder: null,
    succession: null,
    reason: null,
  };
}
