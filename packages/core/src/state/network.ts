import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { ENTRY_TYPES, isCount } from "./entry.ts";

/**
 * What a network is, fixed at its genesis. Spec §5.3: `[1, id, genesis digest, protocol version]`. Inside
 * the state, so that every proof also says which network it is of.
 */
export type Network = {
  /** Name and the first eight hexadecimal digits of the genesis digest, such as `hebei-3f8a01bc`. */
  readonly id: string;
  /** SHA-256 of the genesis in its CBOR form. */
  readonly genesis: Uint8Array;
  /** Version of the protocol whose rules apply. */
  readonly protocol: number;
};

/** Canonical bytes of the network's entry. */
export function encodeNetwork(network: Network): Uint8Array {
  return encodeCbor([ENTRY_TYPES.network, network.id, network.genesis, network.protocol]);
}

/** The network of its entry's bytes; undefined when they are none. */
export function decodeNetwork(bytes: Uint8Array): Network | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [type, id, genesis, protocol] = value as CborValue[];
  if (type !== ENTRY_TYPES.network || typeof id !== "string" || !isCount(protocol)) return undefined;
  return genesis instanceof Uint8Array && genesis.length === 32 ? { id, genesis, protocol } : undefined;
}
