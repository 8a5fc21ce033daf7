import type { CborValue } from "../cbor.ts";
import { equalBytes } from "../hex.ts";
import { isJsonObject, type Json } from "../json.ts";
import { isPublicKey, PUBLIC_KEY_BYTES } from "../key/ed25519.ts";
import { VALIDATOR_POWER_MAX, VALIDATORS_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { Validator } from "../state/validators.ts";
import {
  bytesField,
  checkNames,
  countField,
  type Field,
  listField,
  rejectField,
  tokenField,
} from "./field.ts";

const publicKeyField = bytesField(PUBLIC_KEY_BYTES);
const FORM = "[name, public key, power]";

const validatorField: Field<Validator> = {
  fromCbor: (value, path) => {
    if (!Array.isArray(value) || value.length !== 3) return rejectField(path, FORM, value);
    const [name, publicKey, power] = value as CborValue[];
    return validatorOf(
      tokenField.fromCbor(name, `${path}.name`),
      publicKeyField.fromCbor(publicKey, `${path}.publicKey`),
      countField.fromCbor(power, `${path}.power`),
    );
  },
  toCbor: ({ name, publicKey, power }) => [name, publicKey, power],
  fromJson: (value, path) => {
    if (!isJsonObject(value)) return rejectField(path, "an object with name, publicKey, power", value);
    const known = checkNames(value, ["name", "publicKey", "power"], path);
    if (!known.ok) return known;
    const { name, publicKey, power } = value as { readonly [name: string]: Json | undefined };
    return validatorOf(
      tokenField.fromJson(name, `${path}.name`),
      publicKeyField.fromJson(publicKey, `${path}.publicKey`),
      countField.fromJson(power, `${path}.power`),
    );
  },
  toJson: ({ name, publicKey, power }) => ({ name, publicKey: publicKeyField.toJson(publicKey), power }),
};

function validatorOf(
  name: Outcome<string>,
  publicKey: Outcome<Uint8Array>,
  power: Outcome<number>,
): Outcome<Validator> {
  if (!name.ok) return name;
  if (!publicKey.ok) return publicKey;
  return power.ok ? accept({ name: name.value, publicKey: publicKey.value, power: power.value }) : power;
}

const listOfValidators = listField(validatorField, 1, VALIDATORS_MAX);

/** The validators of a network: each with a name, a sound key and a vote that counts. JSON: `[{name, publicKey, power}]`. */
export const validatorsField: Field<readonly Validator[]> = {
  ...listOfValidators,
  fromCbor: (value, path) => checked(listOfValidators.fromCbor(value, path), path),
  fromJson: (value, path) => checked(listOfValidators.fromJson(value, path), path),
};

/** Refusals: KEY_WEAK, VALIDATORS_MALFORMED for a vote out of bounds, and for a name or key that stood before. */
function checked(list: Outcome<readonly Validator[]>, path: string): Outcome<readonly Validator[]> {
  if (!list.ok) return list;
  for (const [at, { name, publicKey, power }] of list.value.entries()) {
    const place = `${path}[${at}]`;
    if (power < 1 || power > VALIDATOR_POWER_MAX) {
      return refuse(`${place}.power`, `1 to ${VALIDATOR_POWER_MAX}`, `${power}`);
    }
    const before = list.value.slice(0, at);
    if (before.some((other) => other.name === name)) {
      return refuse(`${place}.name`, "a name that no other validator has", name);
    }
    if (before.some((other) => equalBytes(other.publicKey, publicKey))) {
      return refuse(`${place}.publicKey`, "a key that no other validator has", "a key for the second time");
    }
    if (!isPublicKey(publicKey)) {
      return reject("KEY_WEAK", `the key of validator ${name} is no sound Ed25519 public key`, {
        field: `${place}.publicKey`,
        expected: "32 bytes, canonical, not of small order",
        got: `${publicKey.length} bytes`,
      });
    }
  }
  return list;
}

function refuse(field: string, expected: string, got: string): Outcome<never> {
  return reject("VALIDATORS_MALFORMED", `${field}: expected ${expected}, got ${got}`, {
    field,
    expected,
    got,
  });
}
