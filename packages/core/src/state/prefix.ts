import { assert } from "../assert.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { type Rule, ruleFromCbor, ruleToCbor } from "../rule/rule.ts";
import { decodeVersioned, ENTRY_TYPES, encodeVersioned, isCount, type Version } from "./entry.ts";
import { STATUSES, type Status } from "./record.ts";

/** A delegated prefix: who holds it and whether it is in use. Spec §5.5: `[3, version, since, peaks, holder, status]`. */
export type Prefix = Version & {
  /** Id of the holder, 20 bytes. */
  readonly holder: Uint8Array;
  readonly status: Status;
};

/** Canonical bytes of a prefix. */
export function encodePrefix(prefix: Prefix): Uint8Array {
  return encodeVersioned(ENTRY_TYPES.prefix, prefix, [prefix.holder, STATUSES.indexOf(prefix.status)]);
}

/** The prefix of an entry's bytes; undefined when the entry is none. */
export function decodePrefix(bytes: Uint8Array): Prefix | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.prefix || entry.body.length !== 2) return undefined;
  const [holder, status] = entry.body;
  const name = typeof status === "number" ? STATUSES[status] : undefined;
  if (!(holder instanceof Uint8Array) || holder.length !== 20 || name === undefined) return undefined;
  return { ...entry.version, holder, status: name };
}

/**
 * The rules of a prefix: what its delegator bound it to, and what its holder chose within that. Spec §5.6:
 * `[4, version, since, peaks, bound, own]`.
 */
export type PrefixRules = Version & { readonly bound: Rule | null; readonly own: Rule | null };

/** Canonical bytes of a prefix's rules. */
export function encodePrefixRules(rules: PrefixRules): Uint8Array {
  return encodeVersioned(ENTRY_TYPES.rules, rules, [
    rules.bound === null ? null : ruleToCbor(rules.bound),
    rules.own === null ? null : ruleToCbor(rules.own),
  ]);
}

/** The rules of an entry's bytes; undefined when the entry holds none. */
export function decodePrefixRules(bytes: Uint8Array): PrefixRules | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.rules || entry.body.length !== 2) return undefined;
  const rules: (Rule | null)[] = [];
  for (const value of entry.body) {
    if (value === null) {
      rules.push(null);
      continue;
    }
    const rule = ruleFromCbor(value);
    if (!rule.ok) return undefined;
    rules.push(rule.value);
  }
  return { ...entry.version, bound: rules[0]!, own: rules[1]! };
}

/** How many codes a prefix itself has issued, ranges and batches with each of theirs. Spec §5.7: `[5, count]`. */
export function encodeTally(count: number): Uint8Array {
  return encodeCbor([ENTRY_TYPES.tally, count]);
}

/** The count of a tally's bytes, or 0 when there is none yet. */
export function decodeTally(bytes: Uint8Array | undefined): number {
  if (bytes === undefined) return 0;
  const value = decodeCbor(bytes);
  const [type, count] = Array.isArray(value) && value.length === 2 ? (value as CborValue[]) : [];
  assert(type === ENTRY_TYPES.tally && isCount(count), "the entry of a tally holds one");
  return count;
}
