import type { CborValue } from "../cbor.ts";
import { BLOCK_BYTES_MAX_FIRST, BLOCK_TRANSACTIONS_MAX_FIRST } from "../limits.ts";
import { decodeVersioned, ENTRY_TYPES, encodeVersioned, isCount, type Version } from "./entry.ts";
import { NETWORK_KEY, PARAMETERS_KEY } from "./key.ts";
import { decodeNetwork } from "./network.ts";
import type { StateView } from "./view.ts";

/** A version of the protocol, and the first height at which it decides. */
export type ProtocolChange = { readonly version: number; readonly fromHeight: number };

/** What the members of a network agreed on for all nodes. Spec §5.16. */
export type Parameters = {
  /** Most bytes of a block that a consensus orders, with all that it takes beside its transactions. */
  readonly blockBytesMax: number;
  /** Most transactions of a block that a consensus orders. */
  readonly blockTransactionsMax: number;
  /** Version of the protocol that decides up to the next one. */
  readonly protocol: number;
  /** The version that follows it; null where none was set. */
  readonly next: ProtocolChange | null;
};

/** The entry: `[11, version, since, peaks, block bytes, block transactions, protocol, [version, from height] / null]`. */
export type ParametersEntry = Version & Parameters;

/** Canonical bytes of the entry. */
export function encodeParameters(entry: ParametersEntry): Uint8Array {
  const { blockBytesMax, blockTransactionsMax, protocol, next } = entry;
  return encodeVersioned(ENTRY_TYPES.parameters, entry, [
    blockBytesMax,
    blockTransactionsMax,
    protocol,
    next === null ? null : [next.version, next.fromHeight],
  ]);
}

/** The parameters of an entry's bytes; undefined when it holds none. */
export function decodeParameters(bytes: Uint8Array): ParametersEntry | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.parameters || entry.body.length !== 4) return undefined;
  const [blockBytesMax, blockTransactionsMax, protocol, change] = entry.body;
  if (!isCount(blockBytesMax) || !isCount(blockTransactionsMax) || !isCount(protocol)) return undefined;
  const next = changeOf(change);
  return next === undefined
    ? undefined
    : { ...entry.version, blockBytesMax, blockTransactionsMax, protocol, next };
}

function changeOf(value: CborValue | undefined): ProtocolChange | null | undefined {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [version, fromHeight] = value as CborValue[];
  return isCount(version) && isCount(fromHeight) ? { version, fromHeight } : undefined;
}

/** The parameters of a state: those of its entry, or those that a network has from its genesis on. */
export function readParameters(view: Pick<StateView, "get">): Parameters {
  const bytes = view.get(PARAMETERS_KEY);
  const entry = bytes === undefined ? undefined : decodeParameters(bytes);
  if (entry !== undefined) return entry;
  const network = view.get(NETWORK_KEY);
  return {
    blockBytesMax: BLOCK_BYTES_MAX_FIRST,
    blockTransactionsMax: BLOCK_TRANSACTIONS_MAX_FIRST,
    protocol: (network === undefined ? undefined : decodeNetwork(network)?.protocol) ?? 1,
    next: null,
  };
}

/** The version of the protocol that decides at a height. */
export function protocolAt({ protocol, next }: Parameters, height: number): number {
  return next !== null && height >= next.fromHeight ? next.version : protocol;
}

/** The change of the protocol that is still to come at a height; null where none is set, or it has come. */
export function changeAfter(parameters: Parameters, height: number): ProtocolChange | null {
  const { next } = parameters;
  return next === null || next.version === protocolAt(parameters, height) ? null : next;
}
