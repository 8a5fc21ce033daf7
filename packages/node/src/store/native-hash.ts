import { isAscii, isUtf8 } from "node:buffer";
import { hashInto } from "@chainsafe/hashtree";
import { useSha256 } from "@cityroot/core/hash";
import { useTextDecoder } from "@cityroot/core/text-decoder";
import sodium from "sodium-native";

const pair = Buffer.alloc(64);

/**
 * Installs what is native in this process: SHA-256 by libsodium for bytes and by hashtree for pairs, and UTF-8. Every
 * entry point calls it first.
 */
export function installNativeHash(): void {
  useTextDecoder((bytes, from, end) => {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from);
    if (isAscii(view)) return view.toString("latin1");
    return isUtf8(view) ? view.toString("utf8") : undefined;
  });
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
