import { newBytes } from "../bytes.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import type { ItemProof } from "../operation/standing.ts";
import { isCount } from "../state/entry.ts";
import { keyFromBytes, keyToBytes, type StateKey } from "../state/key.ts";
import { type Run, runFromCbor, runToCbor } from "./run.ts";

/**
 * That an entry's earlier version held: its bytes, and the way from them to the root over the earlier versions that
 * the entry's `peaks` make. The version's number is in its bytes. Spec §5.4.
 */
export type VersionProof = {
  readonly key: StateKey;
  readonly bytes: Uint8Array;
  readonly path: readonly Uint8Array[];
};

/** A signed checkpoint, with what shows that the log's tree ends with its seal. Spec §8.3.2. */
export type SealedNote = {
  /** Bytes of the signed checkpoint, a C2SP note. */
  readonly note: Uint8Array;
  /** Hashes from the last leaf to the log's root, 32 bytes each. RFC 6962 §2.1.1. Never changed in place. */
  readonly sealPath: readonly Uint8Array[];
};

/**
 * Everything that it takes to check an answer without a server. Spec §5.12: `[1, checkpoint, [hash, ...], [run, ...],
 * [[item, index, [hash, ...]], ...], [[key, bytes, [hash, ...]], ...]]`. It names no code and makes no claim: what it
 * shows is worked out by whoever checks it.
 */
export type Bundle = SealedNote & {
  /** Runs of entries under the checkpoint's state root. */
  readonly runs: readonly Run[];
  /** Items of the batch that the code lies in: the code's own, or its neighbours. */
  readonly items: readonly ItemProof[];
  /** Earlier versions of entries. */
  readonly versions: readonly VersionProof[];
};

const BUNDLE_FORM = 1;

const BUNDLE_PARTS = 6;

/** Bytes of a bundle. */
export function encodeBundle(bundle: Bundle): Uint8Array {
  const beginning = beginningOf(bundle);
  const rest = encodeCbor([
    bundle.runs.map(runToCbor),
    bundle.items.map(({ item, index, path }) => [item, index, path]),
    bundle.versions.map(({ key, bytes, path }) => [keyToBytes(key), bytes, path]),
  ]);
  const bytes = newBytes(beginning.length + rest.length - 1);
  bytes.set(beginning);
  bytes.set(rest.subarray(1), beginning.length);
  return bytes;
}

/** Of each checkpoint, by its path: a server begins many thousand bundles with the same one. */
const beginnings = new WeakMap<
  readonly Uint8Array[],
  { readonly note: Uint8Array; readonly bytes: Uint8Array }
>();

/** The bytes of a bundle up to its runs. */
function beginningOf({ note, sealPath }: SealedNote): Uint8Array {
  const known = beginnings.get(sealPath);
  if (known?.note === note) return known.bytes;
  const bytes = encodeCbor([BUNDLE_FORM, note, sealPath]);
  // An array of few parts begins with one byte, which holds how many.
  bytes[0]! += BUNDLE_PARTS - 3;
  beginnings.set(sealPath, { note, bytes });
  return bytes;
}

/** Reads a bundle strictly; undefined when the bytes are none. */
export function decodeBundle(bytes: Uint8Array): Bundle | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== BUNDLE_PARTS) return undefined;
  const [form, note, pathList, runList, itemList, versionList] = value as CborValue[];
  if (form !== BUNDLE_FORM || !(note instanceof Uint8Array)) return undefined;
  const sealPath = listOf(pathList, hashOf);
  const runs = listOf(runList, runFromCbor);
  const items = listOf(itemList, itemOf);
  const versions = listOf(versionList, versionOf);
  if (sealPath === undefined || runs === undefined || items === undefined || versions === undefined)
    return undefined;
  return { note, sealPath, runs, items, versions };
}

function listOf<T>(value: CborValue | undefined, read: (item: CborValue) => T | undefined): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list: T[] = [];
  for (const item of value as CborValue[]) {
    const one = read(item);
    if (one === undefined) return undefined;
    list.push(one);
  }
  return list;
}

function hashOf(value: CborValue): Uint8Array | undefined {
  return value instanceof Uint8Array && value.length === 32 ? value : undefined;
}

function itemOf(value: CborValue): ItemProof | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [item, index, steps] = value as CborValue[];
  const path = listOf(steps, hashOf);
  if (!(item instanceof Uint8Array) || !isCount(index) || path === undefined) return undefined;
  return { item, index, path };
}

function versionOf(value: CborValue): VersionProof | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const [keyBytes, bytes, steps] = value as CborValue[];
  const path = listOf(steps, hashOf);
  if (!(keyBytes instanceof Uint8Array) || !(bytes instanceof Uint8Array) || path === undefined)
    return undefined;
  const key = keyFromBytes(keyBytes);
  return key === undefined ? undefined : { key, bytes, path };
}
