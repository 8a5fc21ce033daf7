import type { CborValue } from "../cbor.ts";
import type { Json } from "../json.ts";
import type { Role } from "../key/role.ts";
import { accept, type Outcome } from "../outcome.ts";
import type { ApplyContext } from "./context.ts";
import { checkNames, type Field, rejectField } from "./field.ts";

/** The fields of an operation, in the order in which they stand in CBOR. */
export type Fields<T> = { readonly [name in keyof T]-?: Field<T[name]> };

/** One operation of the protocol: its number, its fields, who may sign it and what it does. */
export type OperationDefinition<T> = {
  /** First element of its CBOR array. Numbers are consensus. Spec §7. */
  readonly number: number;
  readonly fields: Fields<T>;
  /** Whose threshold has to be met; `recovery` are the holder's recovery keys. */
  readonly roleOf: (operation: T, context: ApplyContext) => Outcome<Role | "recovery">;
  /** Decides and writes; what it wrote before a refusal is dropped by the caller. Checks run in the spec's order. */
  readonly apply: (operation: T, context: ApplyContext) => Outcome<void>;
};

/** Reads an operation's fields from the CBOR array that begins with its number. */
export function fieldsFromCbor<T>(fields: Fields<T>, value: readonly CborValue[], path: string): Outcome<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  if (value.length !== names.length + 1) {
    return rejectField(path, `${names.length + 1} elements`, value);
  }
  const operation: Partial<T> = {};
  for (let at = 0; at < names.length; at++) {
    const name = names[at]!;
    const parsed = fields[name].fromCbor(value[at + 1], name);
    if (!parsed.ok) return parsed;
    operation[name] = parsed.value;
  }
  return accept(operation as T);
}

/** CBOR array of an operation. */
export function fieldsToCbor<T>(number: number, fields: Fields<T>, operation: T): CborValue {
  const names = Object.keys(fields) as (keyof T & string)[];
  return [number, ...names.map((name) => fields[name].toCbor(operation[name]))];
}

/** Reads an operation's fields from a JSON object; names that it does not have are refused. */
export function fieldsFromJson<T>(
  fields: Fields<T>,
  value: { readonly [name: string]: Json },
  path: string,
): Outcome<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const known = checkNames(value, ["type", ...names], `${path}operation`);
  if (!known.ok) return known;
  const operation: Partial<T> = {};
  for (const name of names) {
    const parsed = fields[name].fromJson(
      Object.hasOwn(value, name) ? value[name] : undefined,
      `${path}${name}`,
    );
    if (!parsed.ok) return parsed;
    operation[name] = parsed.value;
  }
  return accept(operation as T);
}

/** JSON object of an operation, without its type. */
export function fieldsToJson<T>(fields: Fields<T>, operation: T): { readonly [name: string]: Json } {
  const names = Object.keys(fields) as (keyof T & string)[];
  return Object.fromEntries(names.map((name) => [name, fields[name].toJson(operation[name])]));
}
