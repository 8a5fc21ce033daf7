import type { Code } from "@cityroot/codes/ma/code";
import { assert } from "../assert.ts";
import { RECORD_BYTES_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { nextVersion } from "../state/history.ts";
import { decodeHolder, encodeHolder, type Holder } from "../state/holder.ts";
import { encodeInterval, type Interval } from "../state/interval.ts";
import { codeKey, holderKey, prefixKey } from "../state/key.ts";
import { decodePrefix, encodePrefix, type Prefix } from "../state/prefix.ts";
import { encodeRecord, type Record } from "../state/record.ts";
import type { ApplyContext } from "./context.ts";
import { type Found, impliedRecord } from "./standing.ts";

/** What an operation may change of a record; its version and its place within an interval follow by themselves. */
export type RecordChanges = Partial<Omit<Record, "version" | "since" | "peaks" | "within" | "interval">>;

/** Writes the next version of a record. Refusal: RECORD_TOO_LARGE. */
export function changeRecord(
  context: ApplyContext,
  code: Code,
  found: Found,
  changes: RecordChanges,
): Outcome<void> {
  const before = found.bytes ?? encodeRecord(found.record);
  // What the interval implied becomes a version like any other, so that history holds it.
  if (found.bytes === null) context.state.set(codeKey(code), before);
  const record: Record = { ...found.record, ...changes, ...nextVersion(found.record, before, context.block) };
  return storeRecord(context, code, record);
}

/** Writes a record. Refusal: RECORD_TOO_LARGE. */
export function storeRecord(context: Pick<ApplyContext, "state">, code: Code, record: Record): Outcome<void> {
  const { interval, ...own } = record;
  const bytes = encodeRecord(record);
  // An interval that the record carries was measured when it was issued.
  const length = interval === undefined ? bytes.length : encodeRecord(own).length;
  if (length > RECORD_BYTES_MAX) return refuseSize(code, length);
  context.state.set(codeKey(code), bytes);
  return accept(undefined);
}

/**
 * Writes the entry of an interval. It has to leave room for each of its codes to get a record of its own, so that is
 * what is measured too. Refusal: RECORD_TOO_LARGE.
 */
export function storeInterval(context: ApplyContext, interval: Interval): Outcome<void> {
  const bytes = encodeInterval(interval);
  const implied = encodeRecord(impliedRecord(interval, interval));
  const length = Math.max(bytes.length, implied.length);
  if (length > RECORD_BYTES_MAX) return refuseSize(interval.first, length);
  context.state.set(codeKey(interval.first), bytes);
  return accept(undefined);
}

function refuseSize(code: Code, length: number): Outcome<never> {
  return reject("RECORD_TOO_LARGE", `the record of ${code} would take ${length} bytes`, {
    field: "attributes",
    expected: `a record of at most ${RECORD_BYTES_MAX} bytes`,
    got: `${length} bytes`,
  });
}

/** Writes the next version of a prefix, if the code is one. */
export function changePrefix(
  context: ApplyContext,
  code: Code,
  changes: Partial<Pick<Prefix, "holder" | "status">>,
): void {
  const bytes = context.state.get(prefixKey(code));
  const prefix = bytes === undefined ? undefined : decodePrefix(bytes);
  if (bytes === undefined || prefix === undefined) return;
  const next = { ...prefix, ...changes, ...nextVersion(prefix, bytes, context.block) };
  context.state.set(prefixKey(code), encodePrefix(next));
  context.authority.forget();
}

/** Writes the next version of the transaction's own holder. */
export function changeHolder(
  context: ApplyContext,
  changes: Partial<Pick<Holder, "keys" | "pending">>,
): void {
  const key = holderKey(context.holderBytes);
  const before = context.state.get(key)!;
  const holder = decodeHolder(before);
  assert(holder !== undefined, "the holder of a transaction in progress is in the state");
  context.state.set(
    key,
    encodeHolder({ ...holder, ...changes, ...nextVersion(holder, before, context.block) }),
  );
}
