/** The part of sodium-native that the node uses. */
declare module "sodium-native" {
  const sodium: {
    crypto_hash_sha256(out: Buffer, data: Buffer): void;
    crypto_core_ed25519_add(sum: Buffer, one: Buffer, other: Buffer): void;
    crypto_sign_verify_detached(signature: Buffer, message: Buffer, publicKey: Buffer): boolean;
    crypto_sign_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void;
    crypto_sign_detached(signature: Buffer, message: Buffer, secretKey: Buffer): void;
  };
  export default sodium;
}
