import { hashInto } from "@chainsafe/hashtree";
import { useSha256 } from "@cityroot/core/hash";
import sodium from "sodium-native";

const pair = Buffer.alloc(64);

/** Installs native SHA-256 for this process: libsodium for bytes, hashtree for pairs. Every entry point calls it first. */
export function installNativeHash(): void {
  useSha256({
    sha256: (data) => {
      const out = Buffer.allocUnsafe(32);
      sodium.crypto_hash_sha256(out, data as Buffer);
      return out;
    },
    hashPair: (left, right) => {
      pair.set(left, 0);
      pair.set(right, 32);
      const out = Buffer.allocUnsafe(32);
      hashInto(pair, out);
      return out;
    },
  });
}
