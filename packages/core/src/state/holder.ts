import type { CborValue } from "../cbor.ts";
import { ROLES, type Role } from "../key/role.ts";
import {
  decodeVersioned,
  ENTRY_TYPES,
  encodeVersioned,
  isCount,
  type Moment,
  momentOf,
  type Version,
} from "./entry.ts";

/** Signature algorithms of keys. Numbers are consensus. Spec §4.1. */
export const ALGORITHMS = { ed25519: 1 } as const;
export type Algorithm = keyof typeof ALGORITHMS;

/** A public key with the name of its algorithm; Ed25519 keys are 32 bytes. */
export type PublicKey = { readonly algorithm: Algorithm; readonly bytes: Uint8Array };

/** The keys of a role, as positions in the holder's list, and how many of them must sign. */
export type Threshold = { readonly keys: readonly number[]; readonly needed: number };

/**
 * The keys of a holder. Spec §4.2: `[keys, root, registrar, records, recovery]`, a key as `[algorithm, bytes]`, a role
 * as `[needed, [positions]]`, recovery as `[needed, [positions], delayMs]` or null.
 */
export type KeySet = {
  readonly keys: readonly PublicKey[];
  readonly roles: { readonly [role in Role]: Threshold };
  /** Keys that may replace all others after a delay in which root can contest; null forgoes recovery. */
  readonly recovery: (Threshold & { readonly delayMs: number }) | null;
};

/** A recovery under way: the keys that take over, and from when. */
export type PendingRecovery = { readonly keys: KeySet; readonly begun: Moment; readonly readyAtMs: number };

/**
 * The organisation that holds prefixes. Spec §4.3:
 * `[2, version, since, peaks, name, key set, recovery under way or null]`.
 */
export type Holder = Version & {
  /** Name by language, canonical CBOR form `[[language, text], ...]`. */
  readonly name: CborValue;
  readonly keys: KeySet;
  readonly pending: PendingRecovery | null;
};

/** CBOR form of a key set. */
export function keySetToCbor(set: KeySet): CborValue {
  return [
    set.keys.map((key) => [ALGORITHMS[key.algorithm], key.bytes]),
    ...ROLES.map((role) => [set.roles[role].needed, set.roles[role].keys]),
    set.recovery === null ? null : [set.recovery.needed, set.recovery.keys, set.recovery.delayMs],
  ];
}

/** The shape of a key set, without judging it: see `checkKeySet` in `key/key-set.ts` for what makes one good. */
export function keySetOf(value: CborValue | undefined): KeySet | undefined {
  if (!Array.isArray(value) || value.length !== 5) return undefined;
  const [keys, root, registrar, records, recovery] = value as CborValue[];
  if (!Array.isArray(keys)) return undefined;
  const parsedKeys: PublicKey[] = [];
  for (const key of keys as CborValue[]) {
    if (!Array.isArray(key) || key.length !== 2) return undefined;
    const [algorithm, bytes] = key as CborValue[];
    if (algorithm !== ALGORITHMS.ed25519 || !(bytes instanceof Uint8Array)) return undefined;
    parsedKeys.push({ algorithm: "ed25519", bytes });
  }
  const parsed = [root, registrar, records].map((role) => thresholdOf(role, 2));
  const [parsedRoot, parsedRegistrar, parsedRecords] = parsed;
  if (parsedRoot === undefined || parsedRegistrar === undefined || parsedRecords === undefined)
    return undefined;
  const roles = { root: parsedRoot, registrar: parsedRegistrar, records: parsedRecords };
  if (recovery === null) return { keys: parsedKeys, roles, recovery: null };
  const threshold = thresholdOf(recovery, 3);
  const delayMs = Array.isArray(recovery) ? (recovery as CborValue[])[2] : undefined;
  if (threshold === undefined || !isCount(delayMs)) return undefined;
  return { keys: parsedKeys, roles, recovery: { ...threshold, delayMs } };
}

function thresholdOf(value: CborValue | undefined, length: number): Threshold | undefined {
  if (!Array.isArray(value) || value.length !== length) return undefined;
  const [needed, keys] = value as CborValue[];
  if (!isCount(needed) || !Array.isArray(keys) || !keys.every((key) => isCount(key as CborValue)))
    return undefined;
  return { needed, keys: keys as number[] };
}

/** Canonical bytes of a holder. */
export function encodeHolder(holder: Holder): Uint8Array {
  const { pending } = holder;
  return encodeVersioned(ENTRY_TYPES.holder, holder, [
    holder.name,
    keySetToCbor(holder.keys),
    pending === null
      ? null
      : [keySetToCbor(pending.keys), [pending.begun.height, pending.begun.timeMs], pending.readyAtMs],
  ]);
}

/** The holder of an entry's bytes; undefined when the entry is none. */
export function decodeHolder(bytes: Uint8Array): Holder | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.holder || entry.body.length !== 3) return undefined;
  const [name, keys, pending] = entry.body;
  const keySet = keySetOf(keys);
  if (!Array.isArray(name) || keySet === undefined) return undefined;
  const recovery = pendingOf(pending);
  return recovery === undefined ? undefined : { ...entry.version, name, keys: keySet, pending: recovery };
}

function pendingOf(value: CborValue | undefined): PendingRecovery | null | undefined {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [keys, begun, readyAtMs] = value as CborValue[];
  const keySet = keySetOf(keys);
  const moment = momentOf(begun);
  if (keySet === undefined || !isCount(readyAtMs) || moment === undefined) return undefined;
  return { keys: keySet, begun: moment, readyAtMs };
}
