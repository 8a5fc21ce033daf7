import type { Code } from "@cityroot/codes/ma/code";
import { assert } from "../assert.ts";
import { encodeCbor } from "../cbor.ts";
import { DESCRIPTION_BYTES_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { nextVersion } from "../state/history.ts";
import { decodeHolder, encodeHolder, type Holder } from "../state/holder.ts";
import { encodeInterval, type Interval } from "../state/interval.ts";
import { codeKey, holderKey, prefixKey } from "../state/key.ts";
import { decodePrefix, encodePrefix, type Prefix } from "../state/prefix.ts";
import { type Description, encodeRecord, type Record } from "../state/record.ts";
import type { ApplyContext } from "./context.ts";
import type { Found } from "./standing.ts";

/** What an operation may change of a record; its version and its place within an interval follow by themselves. */
export type RecordChanges = Partial<Omit<Record, "version" | "since" | "peaks" | "within" | "interval">>;

/** Writes the next version of a record, however long: a new description is measured by who changes it. */
export function changeRecord(context: ApplyContext, code: Code, found: Found, changes: RecordChanges): void {
  context.state.set(codeKey(code), nextRecord(context, code, found, changes).entry);
}

/** Writes the next version of a record with what its issuer says of it now. Refusal: RECORD_TOO_LARGE. */
export function describeRecord(
  context: ApplyContext,
  code: Code,
  found: Found,
  changes: Partial<Description>,
): Outcome<void> {
  const { record, entry } = nextRecord(context, code, found, changes);
  return storeDescribed(context, code, record, entry);
}

function nextRecord(
  context: ApplyContext,
  code: Code,
  found: Found,
  changes: RecordChanges,
): { readonly record: Record; readonly entry: Uint8Array } {
  const before = found.bytes ?? encodeRecord(found.record);
  // What the interval implied becomes a version like any other, so that history holds it.
  if (found.bytes === null) context.state.set(codeKey(code), before);
  const record: Record = { ...found.record, ...changes, ...nextVersion(found.record, before, context.block) };
  return { record, entry: encodeRecord(record) };
}

/** Writes a new record. Refusal: RECORD_TOO_LARGE. */
export function storeRecord(context: Pick<ApplyContext, "state">, code: Code, record: Record): Outcome<void> {
  return storeDescribed(context, code, record, encodeRecord(record));
}

/** Writes the entry of an interval. Refusal: RECORD_TOO_LARGE. */
export function storeInterval(context: ApplyContext, interval: Interval): Outcome<void> {
  return storeDescribed(context, interval.first, interval, encodeInterval(interval));
}

function storeDescribed(
  { state }: Pick<ApplyContext, "state">,
  code: Code,
  description: Description,
  entry: Uint8Array,
): Outcome<void> {
  // An entry holds its description and more: most are measured by it, without encoding twice.
  const measured =
    entry.length <= DESCRIPTION_BYTES_MAX ? accept(undefined) : checkDescriptionSize(code, description);
  if (measured.ok) state.set(codeKey(code), entry);
  return measured;
}

/**
 * Whether what an issuer says of a code is short enough. It alone is measured, and only when it is said, so that a
 * record always has room for what becomes of it. Spec §6.2.7. Refusal: RECORD_TOO_LARGE.
 */
function checkDescriptionSize(code: Code, description: Description): Outcome<void> {
  const { attributes, links, commitments } = description;
  const { length } = encodeCbor([description.class, attributes, links, commitments]);
  if (length <= DESCRIPTION_BYTES_MAX) return accept(undefined);
  return reject("RECORD_TOO_LARGE", `the description of ${code} would take ${length} bytes`, {
    field: "attributes",
    expected: `class, attributes, links and commitments of at most ${DESCRIPTION_BYTES_MAX} bytes`,
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
