import type { Fault } from "@cityroot/codes/fault";
import { type Code, parseCode } from "@cityroot/codes/ma/code";
import { checkNoPersonalNumber } from "../attribute/personal-number.ts";
import type { CborValue } from "../cbor.ts";
import { bytesToHex, hexToBytes } from "../hex.ts";
import type { Json } from "../json.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { RejectionName } from "../rejection.ts";

/**
 * One field of an operation: how it is read from and written to CBOR (what is signed) and JSON (what people and
 * other programs see). `path` names the field in a fault.
 */
export type Field<T> = {
  readonly fromCbor: (value: CborValue | undefined, path: string) => Outcome<T>;
  readonly toCbor: (value: T) => CborValue;
  readonly fromJson: (value: Json | undefined, path: string) => Outcome<T>;
  readonly toJson: (value: T) => Json;
};

/** A fault about a field that was not what it should be. */
export function fieldFault(path: string, expected: string, got: unknown, fix?: string): Fault {
  const shown = describe(got);
  return fix === undefined
    ? { field: path, expected, got: shown }
    : { field: path, expected, got: shown, fix };
}

/** What a value is, in a few printable characters. */
function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = String(value).replace(/[^\x20-\x7e]/g, "?");
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Refuses a field. */
export function rejectField(
  path: string,
  expected: string,
  got: unknown,
  name: RejectionName = "OPERATION_MALFORMED",
): Outcome<never> {
  return reject(name, `${path}: expected ${expected}`, fieldFault(path, expected, got));
}

/** Refuses a JSON object that has other names than these: a name misspelt would else be a value left out. */
export function checkNames(
  value: { readonly [name: string]: Json },
  names: readonly string[],
  path: string,
): Outcome<void> {
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  return unknown === undefined ? accept(undefined) : rejectField(path, `only ${names.join(", ")}`, unknown);
}

/** A field whose CBOR and JSON forms are the same value. */
function plainField<T extends Json & CborValue>(
  expected: string,
  is: (value: unknown) => value is T,
): Field<T> {
  const read = (value: unknown, path: string): Outcome<T> =>
    is(value) ? accept(value) : rejectField(path, expected, value);
  return { fromCbor: read, toCbor: (value) => value, fromJson: read, toJson: (value) => value };
}

const plainCountField = plainField(
  "a whole number from 0 to 2^53-1",
  (value): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0,
);

/** A whole number from 0 to 2^53-1. */
export const countField: Field<number> = {
  ...plainCountField,
  fromJson: (value, path) => {
    const count = plainCountField.fromJson(value, path);
    // JSON knows a negative zero, the ledger does not.
    return count.ok && count.value === 0 ? accept(0) : count;
  },
};

const plainTokenField = plainField(
  "a token of 1 to 32 lower case letters, digits and hyphens",
  (value): value is string => typeof value === "string" && /^[a-z][a-z0-9-]{0,31}$/.test(value),
);

/**
 * A short token: lower case letters, digits and hyphens, without a number of a person. Free text has no place on the
 * ledger.
 */
export const tokenField: Field<string> = {
  ...plainTokenField,
  fromCbor: (value, path) => checkToken(plainTokenField.fromCbor(value, path), path),
  fromJson: (value, path) => checkToken(plainTokenField.fromJson(value, path), path),
};

function checkToken(token: Outcome<string>, path: string): Outcome<string> {
  if (!token.ok) return token;
  const firewall = checkNoPersonalNumber(path, token.value);
  return firewall.ok ? token : firewall;
}

/** A token that says why. */
export const reasonField: Field<string> = tokenField;

/** One of a closed list of words; a number in CBOR, the word in JSON. */
export function wordField<W extends string>(words: readonly W[]): Field<W> {
  const expected = `one of ${words.join(", ")}`;
  return {
    fromCbor: (value, path) => {
      const word = typeof value === "number" ? words[value] : undefined;
      return word === undefined ? rejectField(path, `a number below ${words.length}`, value) : accept(word);
    },
    toCbor: (value) => words.indexOf(value),
    fromJson: (value, path) => {
      const word = words.find((known) => known === value);
      return word === undefined ? rejectField(path, expected, value) : accept(word);
    },
    toJson: (value) => value,
  };
}

/** A code in canonical text. In CBOR nothing else is accepted; in JSON any accepted form is made canonical. */
export const codeField: Field<Code> = {
  fromCbor: (value, path) => {
    if (typeof value !== "string") return rejectField(path, "a code", value, "CODE_MALFORMED");
    const code = parseCode(value);
    if (!code.ok) return refuseCode(path, code.fault);
    if (code.value !== value)
      return rejectField(path, `the canonical form ${code.value}`, value, "CODE_MALFORMED");
    return accept(code.value);
  },
  toCbor: (value) => value,
  fromJson: (value, path) => {
    if (typeof value !== "string") return rejectField(path, "a code", value, "CODE_MALFORMED");
    const code = parseCode(value);
    return code.ok ? accept(code.value) : refuseCode(path, code.fault);
  },
  toJson: (value) => value,
};

function refuseCode(path: string, fault: Fault): Outcome<never> {
  return reject("CODE_MALFORMED", `${path}: ${fault.field} should be ${fault.expected}`, {
    ...fault,
    field: `${path}.${fault.field}`,
  });
}

/** Bytes of a fixed length, or of any length up to a maximum; hexadecimal in JSON. */
export function bytesField(minBytes: number, maxBytes: number = minBytes): Field<Uint8Array> {
  const expected = minBytes === maxBytes ? `${minBytes} bytes` : `${minBytes} to ${maxBytes} bytes`;
  const fits = (bytes: Uint8Array): boolean => bytes.length >= minBytes && bytes.length <= maxBytes;
  return {
    fromCbor: (value, path) =>
      value instanceof Uint8Array && fits(value) ? accept(value) : rejectField(path, expected, value),
    toCbor: (value) => value,
    fromJson: (value, path) => {
      const bytes = typeof value === "string" ? hexToBytes(value) : undefined;
      return bytes !== undefined && fits(bytes)
        ? accept(bytes)
        : rejectField(path, `${expected} in hexadecimal`, value);
    },
    toJson: bytesToHex,
  };
}

/** A field that may be null; in JSON it may also be left out. */
export function nullableField<T>(field: Field<T>): Field<T | null> {
  return {
    fromCbor: (value, path) => (value === null ? accept(null) : field.fromCbor(value, path)),
    toCbor: (value) => (value === null ? null : field.toCbor(value)),
    fromJson: (value, path) =>
      value === null || value === undefined ? accept(null) : field.fromJson(value, path),
    toJson: (value) => (value === null ? null : field.toJson(value)),
  };
}

/** A list of at least `min` and at most `max` elements. */
export function listField<T>(field: Field<T>, min: number, max: number): Field<readonly T[]> {
  const expected = `a list of ${min} to ${max}`;
  function read<V>(
    value: V,
    path: string,
    one: (element: V, path: string) => Outcome<T>,
  ): Outcome<readonly T[]> {
    if (!Array.isArray(value) || value.length < min || value.length > max)
      return rejectField(path, expected, value);
    const out: T[] = [];
    for (const [index, element] of (value as V[]).entries()) {
      const parsed = one(element, `${path}[${index}]`);
      if (!parsed.ok) return parsed;
      out.push(parsed.value);
    }
    return accept(out);
  }
  return {
    fromCbor: (value, path) => read(value, path, field.fromCbor),
    toCbor: (value) => value.map(field.toCbor),
    fromJson: (value, path) => read(value, path, field.fromJson),
    toJson: (value) => value.map(field.toJson),
  };
}
