import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { assert } from "../assert.ts";
import { equalBytes } from "../hex.ts";

/** Length of an Ed25519 public key, in bytes. RFC 8032 §5.1.5. */
export const PUBLIC_KEY_BYTES = 32;
/** Length of an Ed25519 seed (the private key), in bytes. RFC 8032 §5.1.5. */
export const SEED_BYTES = 32;
/** Length of an Ed25519 signature, in bytes. RFC 8032 §5.1.6. */
export const SIGNATURE_BYTES = 64;

const { Point } = ed25519;
const GROUP_ORDER = Point.Fn.ORDER;
const COMPRESSED_POINT_BYTES = 32;
/** Canonical encodings of the eight points of small order. Other encodings of them are no canonical points. */
const SMALL_ORDER: readonly Uint8Array[] = ED25519_TORSION_SUBGROUP.map(hexToBytes);

/**
 * Whether `signature` of `message` is good under `publicKey`, all as bytes. Never throws: parts of a wrong length
 * are false. Implementations must accept exactly what {@link verify} accepts, since nodes that differ on one
 * signature differ on the state.
 */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Verifies an Ed25519 signature, Spec §4.1, RFC 8032 §5.1.7, narrowed to what libsodium 1.0.21 accepts:
 * the key is a canonical encoding and not of small order; the signature's first half is not of small order;
 * its second half is below the group order; and the equation holds without the cofactor, compared as encodings.
 *
 * The equation without the cofactor is the reason for not calling the curve library's own verification, which
 * multiplies by it: a signer who adds a point of small order could then split nodes by their library.
 */
export const verify: Verify = (publicKey, message, signature) => {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const commitment = signature.subarray(0, COMPRESSED_POINT_BYTES);
  const response = scalarOf(signature.subarray(COMPRESSED_POINT_BYTES));
  if (response >= GROUP_ORDER || isSmallOrder(commitment)) return false;
  const key = pointOf(publicKey);
  if (key === undefined) return false;
  const hashed = sha512.create().update(commitment).update(publicKey).update(message).digest();
  const challenge = scalarOf(hashed) % GROUP_ORDER;
  const expected = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
  return equalBytes(expected.toBytes(), commitment);
};

/**
 * Whether bytes may serve as a public key here: a canonical encoding of a curve point (RFC 8032 §5.1.3) that is
 * not of small order. No signature verifies under any other key.
 */
export function isPublicKey(bytes: Uint8Array): boolean {
  return bytes.length === PUBLIC_KEY_BYTES && !isSmallOrder(bytes) && isPoint(bytes);
}

/** Whether 32 bytes are the canonical encoding of a point of the curve, RFC 8032 §5.1.3. */
export type IsPoint = (bytes: Uint8Array) => boolean;

/** The check in plain JavaScript: in use until another is installed, and right everywhere. */
export const isPointInJavaScript: IsPoint = (bytes) => decodePoint(bytes) !== undefined;

let isPoint: IsPoint = isPointInJavaScript;

/**
 * Installs another check for the whole process; a node does so once, at its start, with a native one. It must say the
 * same of all bytes: which keys may be given rests on it. The generator and the encodings beside it are compared here, which
 * guards against a mistake in wiring and not against a subtle fault.
 */
export function useIsPoint(other: IsPoint): void {
  const generator = Point.BASE.toBytes();
  for (const first of [-1, 0, 1].map((step) => generator[0]! + step)) {
    const bytes = generator.slice();
    bytes[0] = first;
    assert(other(bytes) === isPointInJavaScript(bytes), "the installed check of points differs");
  }
  isPoint = other;
}

/** Signs `message` with the 32-byte `seed`: deterministic, {@link SIGNATURE_BYTES} long. RFC 8032 §5.1.6. */
export function sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, seed);
}

/** The public key, {@link PUBLIC_KEY_BYTES} long, of a 32-byte `seed`. RFC 8032 §5.1.5. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed);
}

function pointOf(publicKey: Uint8Array): InstanceType<typeof Point> | undefined {
  if (publicKey.length !== PUBLIC_KEY_BYTES || isSmallOrder(publicKey)) return undefined;
  return decodePoint(publicKey);
}

function decodePoint(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(bytes, false);
  } catch {
    return undefined; // The library throws for what is no canonical point: input, so no error of ours.
  }
}

function isSmallOrder(compressed: Uint8Array): boolean {
  return SMALL_ORDER.some((point) => equalBytes(point, compressed));
}

function scalarOf(littleEndian: Uint8Array): bigint {
  let value = 0n;
  for (let at = littleEndian.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(littleEndian[at]!);
  return value;
}
