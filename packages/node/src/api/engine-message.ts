import type { Fault } from "@cityroot/codes/fault";
import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import { numberOfRejection, type Rejection, rejectionOfNumber } from "@cityroot/core/rejection";
import type { TakeResult } from "../engine/engine.ts";

type EnginePath = "submit" | "take" | "consensus" | "witnesses" | "standing";

/**
 * Paths on the engine's socket: its ways to take a CBOR array of transactions, questions to the consensus in JSON, and in
 * JSON too what came of asking witnesses, and how the engine stands.
 */
export const ENGINE_PATHS: { readonly [path in EnginePath]: string } = {
  submit: "/submit",
  take: "/take",
  consensus: "/consensus",
  witnesses: "/witnesses",
  standing: "/standing",
};

/**
 * Results as they go from the engine's process to a worker. CBOR: for each transaction
 * `[id or null, 0, height, index]`, `[id or null, 0]` while it waits for a block, or `[id or null, number, detail, operation or null, fault or null]`, a fault as
 * `[field, at or null, expected, got, fix or null]`.
 */
export function encodeResults(results: readonly TakeResult[]): Uint8Array {
  return encodeCbor(
    results.map(({ id, outcome }) => {
      if (outcome.ok)
        return outcome.value === null ? [id, 0] : [id, 0, outcome.value.height, outcome.value.index];
      const { name, detail, operation = null, fault } = outcome.rejection;
      return [
        id,
        numberOfRejection(name),
        detail,
        operation,
        fault === undefined ? null : faultToCbor(fault),
      ];
    }),
  );
}

function faultToCbor({ field, at, expected, got, fix }: Fault): CborValue {
  return [field, at ?? null, expected, got, fix ?? null];
}

/** Reads results; undefined for anything else. */
export function decodeResults(bytes: Uint8Array): readonly TakeResult[] | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value)) return undefined;
  const results: TakeResult[] = [];
  for (const element of value as readonly CborValue[]) {
    const result = Array.isArray(element) ? resultOf(element as readonly CborValue[]) : undefined;
    if (result === undefined) return undefined;
    results.push(result);
  }
  return results;
}

function resultOf([id, number, ...rest]: readonly CborValue[]): TakeResult | undefined {
  if (!(id === null || id instanceof Uint8Array) || typeof number !== "number") return undefined;
  if (number === 0) {
    const [height, index] = rest;
    if (rest.length === 0) return { id, outcome: { ok: true, value: null } };
    if (typeof height !== "number" || typeof index !== "number") return undefined;
    return { id, outcome: { ok: true, value: { height, index } } };
  }
  const name = rejectionOfNumber(number);
  const [detail, operation, fault] = rest;
  if (name === undefined || typeof detail !== "string") return undefined;
  const rejection: Rejection = {
    name,
    detail,
    ...(Array.isArray(fault) && { fault: faultOf(fault as readonly CborValue[]) }),
    ...(typeof operation === "number" && { operation }),
  };
  return { id, outcome: { ok: false, rejection } };
}

function faultOf([field, at, expected, got, fix]: readonly CborValue[]): Fault {
  return {
    field: String(field),
    ...(typeof at === "number" && { at }),
    expected: String(expected),
    got: String(got),
    ...(typeof fix === "string" && { fix }),
  };
}
