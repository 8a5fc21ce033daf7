import { unreachable } from "@cityroot/core/assert";
import type { PublicKey } from "@cityroot/core/state/holder";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** A public key as Multikey writes it: multicodec and key in base58btc, after a `z`. W3C Controlled Identifiers 1.0 §2.2.2. */
export function multikeyOf({ algorithm, bytes }: PublicKey): string {
  return `z${base58(Uint8Array.of(...codecOf(algorithm), ...bytes))}`;
}

/** The multicodec of an algorithm's public keys, as a varint. */
function codecOf(algorithm: PublicKey["algorithm"]): readonly number[] {
  switch (algorithm) {
    case "ed25519":
      return [0xed, 0x01];
    default:
      return unreachable(algorithm);
  }
}

/** Base58 with the alphabet of Bitcoin. */
function base58(bytes: Uint8Array): string {
  let number = 0n;
  for (const byte of bytes) number = number * 256n + BigInt(byte);
  let text = "";
  for (; number > 0n; number /= 58n) text = BASE58[Number(number % 58n)]! + text;
  for (const byte of bytes) {
    if (byte !== 0) break;
    text = `1${text}`;
  }
  return text;
}
