import type { Verify } from "@cityroot/core/key/ed25519";
import sodium from "sodium-native";

/**
 * Ed25519 as libsodium checks it: the verdict of every node, by one pinned version. It accepts exactly what the core's
 * own check accepts, which the core's edge cases are run against.
 */
export const verifyNative: Verify = (publicKey, message, signature) =>
  sodium.crypto_sign_verify_detached(asBuffer(signature), asBuffer(message), asBuffer(publicKey));

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
