import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import type { StoredHead } from "./registry-store.ts";
import { StoreDamagedError } from "./store-damaged-error.ts";

/** Bytes of a head as the store keeps it. */
export function encodeHead(head: StoredHead): Uint8Array {
  const { height, timeMs, stateRoot, logFrontier, note, sealPath, nextVersion } = head;
  return encodeCbor([height, timeMs, stateRoot, logFrontier, note, sealPath, nextVersion]);
}

/** Reads them; throws a {@link StoreDamagedError} for what is no head. */
export function decodeHead(bytes: Uint8Array): StoredHead {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 7) throw new StoreDamagedError("the store's head is damaged");
  const [height, timeMs, stateRoot, logFrontier, note, sealPath, nextVersion] = value as CborValue[];
  const numbers = [height, timeMs, nextVersion].every((number) => typeof number === "number");
  const path = Array.isArray(sealPath) ? (sealPath as CborValue[]) : [null];
  const bytesOnly = [stateRoot, logFrontier, note, ...path].every((part) => part instanceof Uint8Array);
  if (!numbers || !bytesOnly) throw new StoreDamagedError("the store's head is damaged");
  return {
    height: height as number,
    timeMs: timeMs as number,
    stateRoot: stateRoot as Uint8Array,
    logFrontier: logFrontier as Uint8Array,
    note: note as Uint8Array,
    sealPath: path as Uint8Array[],
    nextVersion: nextVersion as number,
  };
}
