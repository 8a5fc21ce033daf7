import type { IsPoint, Verify } from "@cityroot/core/key/ed25519";
import sodium from "sodium-native";

/**
 * Ed25519 as libsodium checks it: the verdict of every node, by one pinned version. It accepts exactly what the core's
 * own check accepts, which the core's edge cases are run against.
 */
export const verifyNative: Verify = (publicKey, message, signature) =>
  sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(publicKey));

const NEUTRAL = Buffer.alloc(32);
NEUTRAL[0] = 1;
const sum = Buffer.alloc(32);

/**
 * Whether 32 bytes are the canonical encoding of a point, by libsodium, which adds points of the curve alone: a tenth of
 * the time of the core's own check. libsodium takes other encodings of a point as well, which are told apart here.
 */
export const isPointNative: IsPoint = (bytes) => {
  if (!isCanonical(bytes)) return false;
  try {
    sodium.crypto_core_ed25519_add(sum, asBuffer(bytes), NEUTRAL);
    return true;
  } catch {
    return false; // The library throws for what is no point: input, so no error of ours.
  }
};

/** Whether y is below 2^255-19, and the bit of x is 0 where x is, which is where y is 1 or -1. RFC 8032 §5.1.3. */
function isCanonical(bytes: Uint8Array): boolean {
  const first = bytes[0]!;
  const last = bytes[31]! & 127;
  const isNegative = bytes[31]! > 127;
  const middle = bytes[1]!;
  for (let at = 2; at < 31; at++) if (bytes[at] !== middle) return true;
  if (middle === 0) return !(isNegative && first === 1 && last === 0);
  if (middle !== 255 || last !== 127) return true;
  return first < 0xec || (first === 0xec && !isNegative);
}

/** A key pair that signs natively. */
export function nativeSigner(seed: Uint8Array): {
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
} {
  const publicKey = Buffer.alloc(32);
  const secretKey = Buffer.alloc(64);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, asBuffer(seed));
  return {
    publicKey: new Uint8Array(publicKey),
    sign: (message) => {
      const signature = Buffer.alloc(64);
      sodium.crypto_sign_detached(signature, asBuffer(message), secretKey);
      return new Uint8Array(signature);
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
