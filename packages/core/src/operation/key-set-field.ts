import { checkText, type Text, textFromJson, textToJson } from "../attribute/text.ts";
import type { CborValue } from "../cbor.ts";
import { isJsonObject, type Json } from "../json.ts";
import { checkKeySet } from "../key/key-set.ts";
import { ROLES, type Role } from "../key/role.ts";
import { HOLDER_KEYS_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { type KeySet, keySetOf, keySetToCbor, type PublicKey, type Threshold } from "../state/holder.ts";
import { bytesField, checkNames, countField, type Field, listField, rejectField } from "./field.ts";

const publicKeyField = bytesField(32);
const positionsField = listField(countField, 1, HOLDER_KEYS_MAX);

/**
 * A holder's keys. JSON: `{keys: [hex, ...], root: {needed, keys: [position, ...]}, registrar, records,
 * recovery: {needed, keys, delayMs} | null}`.
 */
export const keySetField: Field<KeySet> = {
  fromCbor: (value, path) => {
    const set = keySetOf(value);
    return set === undefined ? rejectField(path, "a key set", value, "KEYS_MALFORMED") : checked(set);
  },
  toCbor: keySetToCbor,
  fromJson: (value, path) => {
    const set = setFromJson(value, path);
    // Parts are read as parts of any operation are; what is wrong with them is wrong with the key set.
    if (set.ok || set.rejection.name !== "OPERATION_MALFORMED") return set;
    return { ok: false, rejection: { ...set.rejection, name: "KEYS_MALFORMED" } };
  },
  toJson: (set) => ({
    keys: set.keys.map((key) => publicKeyField.toJson(key.bytes)),
    ...Object.fromEntries(ROLES.map((role) => [role, thresholdToJson(set.roles[role])])),
    recovery:
      set.recovery === null ? null : { ...thresholdToJson(set.recovery), delayMs: set.recovery.delayMs },
  }),
};

function setFromJson(value: Json | undefined, path: string): Outcome<KeySet> {
  if (!isJsonObject(value)) return rejectField(path, "an object", value);
  const known = checkNames(value, ["keys", ...ROLES, "recovery"], path);
  if (!known.ok) return known;
  const keys = listField(publicKeyField, 1, HOLDER_KEYS_MAX).fromJson(value["keys"], `${path}.keys`);
  if (!keys.ok) return keys;
  const roles: Partial<Record<Role, Threshold>> = {};
  for (const role of ROLES) {
    const threshold = thresholdFromJson(value[role], `${path}.${role}`, ["needed", "keys"]);
    if (!threshold.ok) return threshold;
    roles[role] = threshold.value;
  }
  const recovery = recoveryFromJson(value["recovery"], `${path}.recovery`);
  if (!recovery.ok) return recovery;
  const publicKeys = keys.value.map((bytes): PublicKey => ({ algorithm: "ed25519", bytes }));
  return checked({ keys: publicKeys, roles: roles as KeySet["roles"], recovery: recovery.value });
}

function checked(set: KeySet): Outcome<KeySet> {
  const sound = checkKeySet(set);
  return sound.ok ? accept(set) : sound;
}

function thresholdFromJson(
  value: Json | undefined,
  path: string,
  names: readonly string[],
): Outcome<Threshold> {
  if (!isJsonObject(value)) return rejectField(path, `an object with ${names.join(", ")}`, value);
  const known = checkNames(value, names, path);
  if (!known.ok) return known;
  const needed = countField.fromJson(value["needed"], `${path}.needed`);
  if (!needed.ok) return needed;
  const keys = positionsField.fromJson(value["keys"], `${path}.keys`);
  return keys.ok ? accept({ needed: needed.value, keys: keys.value }) : keys;
}

function recoveryFromJson(value: Json | undefined, path: string): Outcome<KeySet["recovery"]> {
  if (value === null || value === undefined) return accept(null);
  const threshold = thresholdFromJson(value, path, ["needed", "keys", "delayMs"]);
  if (!threshold.ok) return threshold;
  const delayMs = countField.fromJson(isJsonObject(value) ? value["delayMs"] : undefined, `${path}.delayMs`);
  return delayMs.ok ? accept({ ...threshold.value, delayMs: delayMs.value }) : delayMs;
}

function thresholdToJson(threshold: Threshold): {
  readonly needed: number;
  readonly keys: readonly number[];
} {
  return { needed: threshold.needed, keys: [...threshold.keys] };
}

/** Name of an organisation by language; never of a person. */
export const nameField: Field<Text> = {
  fromCbor: (value, path) => checkText(value, { rejection: "OPERATION_MALFORMED", field: path }),
  toCbor: (value) => value as CborValue,
  fromJson: (value, path) => textFromJson(value, { rejection: "OPERATION_MALFORMED", field: path }),
  toJson: textToJson,
};
