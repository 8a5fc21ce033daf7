import { type CborValue, encodeCbor } from "../cbor.ts";
import { bytesToHex } from "../hex.ts";
import { PUBLIC_KEY_BYTES } from "../key/ed25519.ts";
import {
  DIGEST_BYTES,
  ENDPOINT_CHARACTERS_MAX,
  ENDPOINTS_MAX,
  FEDERATION_BYTES_MAX,
  KEY_NAME_CHARACTERS_MAX,
} from "../limits.ts";
import { LOG_KEYS_MAX } from "../log/log-signatures.ts";
import { makeVerifierKey, SIGNATURE_TYPES, type SignatureType, type VerifierKey } from "../log/note.ts";
import { type Policy, WITNESSES_MAX } from "../log/witness-policy.ts";
import { findEndpointFault } from "./endpoint.ts";
import { isCount } from "./entry.ts";

/**
 * The network that serves what lies below a prefix, as the prefix's record says. Spec §6.10:
 * `[network, genesis, endpoints, origin, log keys, witnesses, quorum]`.
 */
export type Federation = {
  /** Id of that network; it ends with the first four bytes of its genesis digest in hexadecimal. */
  readonly network: string;
  /** SHA-256 of its genesis, 32 bytes: no other network can take its place. */
  readonly genesis: Uint8Array;
  /** Addresses of its servers, 1 to {@link ENDPOINTS_MAX}, to be asked in this order. */
  readonly endpoints: readonly string[];
  /** Which of its checkpoints count. */
  readonly policy: Policy;
};

const PARTS = 7;
const NETWORK_ID = /^[a-z][a-z0-9-]{0,31}-[0-9a-f]{8}$/;
/** Narrower than C2SP: what is on the ledger is printable ASCII. */
const NAME = /^[!-*,-~]+$/;

/** CBOR form of a federation. */
export function federationToCbor({ network, genesis, endpoints, policy }: Federation): CborValue {
  const pairs = (keys: readonly VerifierKey[]): CborValue =>
    keys.map(({ name, publicKey }) => [name, publicKey]);
  const { origin, logKeys, witnesses, quorum } = policy;
  return [network, genesis, endpoints, origin, pairs(logKeys), pairs(witnesses), quorum];
}

/**
 * Reads a federation of its CBOR form; undefined where its parts have not their form. Whether its keys are sound and
 * stand once is asked when it is set.
 */
export function federationFromCbor(value: CborValue | undefined): Federation | undefined {
  if (!Array.isArray(value) || value.length !== PARTS) return undefined;
  const [network, genesis, endpoints, origin, logs, cosigners, quorum] = value as CborValue[];
  if (!isNetworkOf(network, genesis) || !isName(origin)) return undefined;
  if (!isListOf(endpoints, ENDPOINTS_MAX, isEndpoint) || endpoints.length === 0) return undefined;
  const logKeys = keysOf(logs, LOG_KEYS_MAX, SIGNATURE_TYPES.ed25519);
  const witnesses = keysOf(cosigners, WITNESSES_MAX, SIGNATURE_TYPES.cosignature);
  if (logKeys === undefined || logKeys.length === 0 || witnesses === undefined) return undefined;
  if (!isCount(quorum) || quorum > witnesses.length) return undefined;
  if (encodeCbor(value).length > FEDERATION_BYTES_MAX) return undefined;
  return {
    network: network as string,
    genesis: genesis as Uint8Array,
    endpoints,
    policy: { origin, logKeys, witnesses, quorum },
  };
}

/** Whether a network's id is one of this genesis. */
export function isNetworkOf(network: unknown, genesis: unknown): boolean {
  if (typeof network !== "string" || !NETWORK_ID.test(network)) return false;
  if (!(genesis instanceof Uint8Array) || genesis.length !== DIGEST_BYTES) return false;
  return network.endsWith(bytesToHex(genesis.subarray(0, 4)));
}

/** Whether a text may be the origin of a log, or name a key, on the ledger. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= KEY_NAME_CHARACTERS_MAX && NAME.test(value);
}

function isEndpoint(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length <= ENDPOINT_CHARACTERS_MAX &&
    findEndpointFault(value) === undefined
  );
}

function isListOf<T>(value: unknown, most: number, is: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.length <= most && value.every(is);
}

function keysOf(value: CborValue | undefined, most: number, type: SignatureType): VerifierKey[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const keys: VerifierKey[] = [];
  for (const pair of value as CborValue[]) {
    const [name, publicKey] = Array.isArray(pair) && pair.length === 2 ? (pair as CborValue[]) : [];
    if (!isName(name) || !(publicKey instanceof Uint8Array) || publicKey.length !== PUBLIC_KEY_BYTES) {
      return undefined;
    }
    keys.push(makeVerifierKey(name, type, publicKey));
  }
  return keys;
}
