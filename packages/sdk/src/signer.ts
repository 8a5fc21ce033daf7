import { publicKeyOf, SEED_BYTES, sign } from "@cityroot/core/key/ed25519";

/** Something that holds an Ed25519 key: a seed, a hardware token, a service. */
export type Signer = {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs bytes as they are, without hashing them first: 64 bytes. RFC 8032 §5.1.6. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
};

/**
 * A signer that holds a seed, 32 bytes, in memory.
 *
 * @example
 * const signer = seedSigner(generateSeed());
 */
export function seedSigner(seed: Uint8Array): Signer {
  if (seed.length !== SEED_BYTES) {
    throw new RangeError(`seed: expected ${SEED_BYTES} bytes, got ${seed.length}`);
  }
  const own = seed.slice();
  return { publicKey: publicKeyOf(own), sign: async (message) => sign(own, message) };
}

/** A new seed from the platform's source of randomness: keep it as you would keep a seal. */
export function generateSeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES));
}
