import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { equalBytes } from "../hex.ts";
import { BLOCK_MISBEHAVIOURS_MAX } from "../limits.ts";
import { ENTRY_TYPES, isCount, type Moment, momentOf } from "./entry.ts";
import { misbehaviourKey } from "./key.ts";
import { ADDRESS_BYTES, addressOf, readValidators } from "./validators.ts";
import type { MutableState } from "./view.ts";

/** What a validator did. The numbers are those of ABCI's `MisbehaviorType`; `other` is one that it does not name. */
export const MISBEHAVIOUR_KINDS = ["other", "duplicate-vote", "light-client-attack"] as const;
export type MisbehaviourKind = (typeof MISBEHAVIOUR_KINDS)[number];

/**
 * What a consensus shows a validator to have done against its rules. Spec §5.17: `[kind, address, power, height, timeMs,
 * total power]`.
 */
export type Misbehaviour = {
  readonly kind: MisbehaviourKind;
  /** Address of the validator, 20 bytes: see `addressOf`. */
  readonly address: Uint8Array;
  /** How much its vote counted then. */
  readonly power: number;
  /** Height of the consensus at which it happened, and its time in milliseconds since 1970-01-01 UTC. */
  readonly height: number;
  readonly timeMs: number;
  /** How much the votes of all validators counted then. */
  readonly totalPower: number;
};

/**
 * A misbehaviour as the ledger has it. Spec §5.17: `[12, [height, timeMs], misbehaviour, validator / null]`, written once.
 */
export type RecordedMisbehaviour = Misbehaviour & {
  /** The block that recorded it. */
  readonly since: Moment;
  /** Name that the validator had in the state then; null where it was no validator any more. */
  readonly validator: string | null;
};

/** CBOR form of a misbehaviour. */
export function misbehaviourToCbor(one: Misbehaviour): CborValue {
  const { kind, address, power, height, timeMs, totalPower } = one;
  return [MISBEHAVIOUR_KINDS.indexOf(kind), address, power, height, timeMs, totalPower];
}

/** The misbehaviour of its CBOR form; undefined when it is none. */
export function misbehaviourOf(value: CborValue | undefined): Misbehaviour | undefined {
  if (!Array.isArray(value) || value.length !== 6) return undefined;
  const [number, address, power, height, timeMs, totalPower] = value as CborValue[];
  const kind = typeof number === "number" ? MISBEHAVIOUR_KINDS[number] : undefined;
  if (kind === undefined || !(address instanceof Uint8Array) || address.length !== ADDRESS_BYTES) {
    return undefined;
  }
  if (!isCount(power) || !isCount(height) || !isCount(timeMs) || !isCount(totalPower)) return undefined;
  return { kind, address, power, height, timeMs, totalPower };
}

/** What a block records, of its CBOR form: 1 to {@link BLOCK_MISBEHAVIOURS_MAX}; undefined when it is none. */
export function misbehavioursOf(value: CborValue | undefined): readonly Misbehaviour[] | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > BLOCK_MISBEHAVIOURS_MAX) return undefined;
  const list: Misbehaviour[] = [];
  for (const item of value as CborValue[]) {
    const one = misbehaviourOf(item);
    if (one === undefined) return undefined;
    list.push(one);
  }
  return list;
}

/** Canonical bytes of the entry. */
export function encodeMisbehaviour(entry: RecordedMisbehaviour): Uint8Array {
  const { since, validator } = entry;
  return encodeCbor([
    ENTRY_TYPES.misbehaviour,
    [since.height, since.timeMs],
    misbehaviourToCbor(entry),
    validator,
  ]);
}

/** The misbehaviour of an entry's bytes; undefined when it holds none. */
export function decodeMisbehaviour(bytes: Uint8Array): RecordedMisbehaviour | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [type, moment, what, validator] = value as CborValue[];
  const since = momentOf(moment);
  const one = misbehaviourOf(what);
  if (type !== ENTRY_TYPES.misbehaviour || since === undefined || one === undefined) return undefined;
  return validator === null || typeof validator === "string" ? { ...one, since, validator } : undefined;
}

/** Writes what a block records, in its order. Its names are those of the validators before the block's transactions. */
export function recordMisbehaviour(state: MutableState, list: readonly Misbehaviour[], block: Moment): void {
  if (list.length === 0) return;
  const validators = readValidators(state);
  for (const [index, one] of list.entries()) {
    const known = validators.find(({ publicKey }) => equalBytes(addressOf(publicKey), one.address));
    const entry = { ...one, since: block, validator: known?.name ?? null };
    state.set(misbehaviourKey(block.height, index), encodeMisbehaviour(entry));
  }
}
