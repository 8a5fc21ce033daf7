import type { Code } from "@cityroot/codes/ma/code";
import { decodeItem, descriptionOfItem } from "@cityroot/core/operation/batch-item";
import { type ItemProof, impliedRecord, type Referral, standingOf } from "@cityroot/core/operation/standing";
import type { AsOf } from "@cityroot/core/proof/answer";
import type { ProofSource } from "@cityroot/core/proof/prove";
import type { Moment } from "@cityroot/core/state/entry";
import type { Interval } from "@cityroot/core/state/interval";
import { codeKey } from "@cityroot/core/state/key";
import { decodeRecord, type Record } from "@cityroot/core/state/record";
import { EntryUnreadableError, type View } from "./view.ts";

type Batch = Interval & { type: "batch" };

/** How a code that was issued stands, now or at a moment: always with a record, its own or the one implied. */
export type IssuedStanding =
  | { readonly kind: "record"; readonly record: Record; readonly isCurrent: boolean }
  | { readonly kind: "in-range"; readonly record: Record; readonly interval: Interval & { type: "range" } }
  | {
      readonly kind: "in-batch";
      readonly record: Record;
      readonly interval: Batch;
      readonly item: ItemProof;
    };

/** How a code stands. */
export type CodeStanding =
  | IssuedStanding
  /** It was issued later than the moment asked for. */
  | { readonly kind: "not-yet-issued"; readonly since: Moment }
  | { readonly kind: "never-issued" }
  /** It lies below a prefix that another network serves. */
  | ({ readonly kind: "federated" } & Referral)
  /** The moment or version asked for lies after the newest one, which is given. */
  | { readonly kind: "later"; readonly field: keyof AsOfField; readonly newest: number };

/** Names of the parameters that ask for a moment. */
export type AsOfField = { height: number; timeMs: number; version: number };

/** How a code stands at the view's head, or stood at a moment. */
export function readStanding(view: View, code: Code, asOf?: AsOf): CodeStanding {
  const { checkpoint } = view.head;
  if (asOf !== undefined && "height" in asOf && asOf.height > checkpoint.height) {
    return { kind: "later", field: "height", newest: checkpoint.height };
  }
  if (asOf !== undefined && "timeMs" in asOf && asOf.timeMs > checkpoint.timeMs) {
    return { kind: "later", field: "timeMs", newest: checkpoint.timeMs };
  }
  const standing = readNewest(view.source, code);
  if (asOf === undefined || standing.kind === "never-issued" || standing.kind === "federated")
    return standing;
  return standing.kind === "record" ? recordAt(view.source, code, standing, asOf) : impliedAt(standing, asOf);
}

function readNewest(
  source: ProofSource,
  code: Code,
): Exclude<CodeStanding, { kind: "later" | "not-yet-issued" }> {
  const standing = standingOf(source, code);
  switch (standing.kind) {
    case "record":
      return { kind: "record", record: standing.record, isCurrent: true };
    case "in-range": {
      const { interval } = standing;
      return { kind: "in-range", record: impliedRecord(interval, interval), interval };
    }
    case "in-batch":
      return readItem(source, code, standing.interval);
    case "federated":
      return standing;
    case "free": {
      // An entry of the code's own that is no record and no interval would be of a form of later times.
      const own = source.get(codeKey(code));
      if (own !== undefined && standing.within === null) {
        throw new EntryUnreadableError(`the entry of ${code} cannot be read`);
      }
      return { kind: "never-issued" };
    }
  }
}

function readItem(
  source: ProofSource,
  code: Code,
  interval: Batch,
): IssuedStanding | { kind: "never-issued" } {
  for (const item of source.itemsOf(interval, code)) {
    const decoded = decodeItem(item.item);
    if (!decoded.ok)
      throw new EntryUnreadableError(`an item of the batch from ${interval.first} cannot be read`);
    if (decoded.value.code !== code) continue;
    const record = impliedRecord(interval, descriptionOfItem(interval, decoded.value));
    return { kind: "in-batch", record, interval, item };
  }
  return { kind: "never-issued" };
}

/** How a code of an interval, of which nothing was said alone, stood at a moment. */
function impliedAt(standing: Exclude<IssuedStanding, { kind: "record" }>, asOf: AsOf): CodeStanding {
  const { since } = standing.interval;
  if ("version" in asOf) {
    return asOf.version === 1 ? standing : { kind: "later", field: "version", newest: 1 };
  }
  return startsAfter(since, asOf) ? { kind: "not-yet-issued", since } : standing;
}

/** The version of a record that held at a moment. */
function recordAt(
  source: ProofSource,
  code: Code,
  standing: IssuedStanding & { kind: "record" },
  asOf: AsOf,
): CodeStanding {
  const current = standing.record;
  if ("version" in asOf && asOf.version > current.version) {
    return { kind: "later", field: "version", newest: current.version };
  }
  if ("version" in asOf ? asOf.version === current.version : !startsAfter(current.since, asOf))
    return standing;
  const earlier = source.versionsOf(codeKey(code), current, asOf);
  const oldest = earlier[earlier.length - 1];
  const record = oldest === undefined ? current : decodeRecord(oldest.bytes);
  if (record === undefined) throw new EntryUnreadableError(`an earlier version of ${code} cannot be read`);
  const holds = "version" in asOf ? record.version === asOf.version : !startsAfter(record.since, asOf);
  if (holds) return { kind: "record", record, isCurrent: false };
  if (record.version !== 1) throw new EntryUnreadableError(`the versions of ${code} cannot be read`);
  return { kind: "not-yet-issued", since: record.since };
}

function startsAfter(since: Moment, asOf: AsOf): boolean {
  if ("height" in asOf) return since.height > asOf.height;
  return "timeMs" in asOf && since.timeMs > asOf.timeMs;
}
