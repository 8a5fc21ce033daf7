import type { CborValue } from "../cbor.ts";
import { sha256 } from "../hash.ts";
import { PUBLIC_KEY_BYTES } from "../key/ed25519.ts";
import { decodeVersioned, ENTRY_TYPES, encodeVersioned, isCount, type Version } from "./entry.ts";
import { VALIDATORS_KEY } from "./key.ts";
import type { StateView } from "./view.ts";

/** Whose vote decides on the blocks of a network. Spec §5.15: `[name, public key, power]`. */
export type Validator = {
  /** 1 to 32 lower case letters, digits and hyphens; each validator of a network has another. */
  readonly name: string;
  /** Ed25519 key of its votes, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** How much its vote counts, from 1 up. */
  readonly power: number;
};

/** The validators of a network. Spec §5.15: `[10, version, since, peaks, [validator, ...]]`. */
export type Validators = Version & { readonly validators: readonly Validator[] };

/** CBOR form of a list of validators. */
export function validatorsToCbor(validators: readonly Validator[]): CborValue {
  return validators.map(({ name, publicKey, power }) => [name, publicKey, power]);
}

/** The shape of a list of validators, without judging it; undefined when it is none. */
export function validatorsOf(value: CborValue | undefined): readonly Validator[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const validators: Validator[] = [];
  for (const item of value as CborValue[]) {
    if (!Array.isArray(item) || item.length !== 3) return undefined;
    const [name, publicKey, power] = item as CborValue[];
    if (typeof name !== "string" || !isCount(power)) return undefined;
    if (!(publicKey instanceof Uint8Array) || publicKey.length !== PUBLIC_KEY_BYTES) return undefined;
    validators.push({ name, publicKey, power });
  }
  return validators;
}

/** Canonical bytes of the entry. */
export function encodeValidators(entry: Validators): Uint8Array {
  return encodeVersioned(ENTRY_TYPES.validators, entry, [validatorsToCbor(entry.validators)]);
}

/** The validators of an entry's bytes; undefined when it holds none. */
export function decodeValidators(bytes: Uint8Array): Validators | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.validators || entry.body.length !== 1) return undefined;
  const validators = validatorsOf(entry.body[0]);
  return validators === undefined ? undefined : { ...entry.version, validators };
}

/** The validators that a state names; none where one node decides alone. */
export function readValidators(view: Pick<StateView, "get">): readonly Validator[] {
  const bytes = view.get(VALIDATORS_KEY);
  return bytes === undefined ? [] : (decodeValidators(bytes)?.validators ?? []);
}

/** Length of a validator's address, in bytes. */
export const ADDRESS_BYTES = 20;

/** What CometBFT names a validator by: the first 20 bytes of the SHA-256 of its key. */
export function addressOf(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, ADDRESS_BYTES);
}
