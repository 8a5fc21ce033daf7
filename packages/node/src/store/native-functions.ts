import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import { hashInto } from "@chainsafe/hashtree";
import { useSha256 } from "@cityroot/core/hash";
import { useIsPoint } from "@cityroot/core/key/ed25519";
import { useTextDecoder } from "@cityroot/core/text-decoder";
import sodium from "sodium-native";
import { isPointNative } from "../signature/native-ed25519.ts";

const pair = Buffer.alloc(64);
/** From how many bytes on OpenSSL, which uses the processor's own instructions, makes up for what calling it takes. */
const LONG_BYTES = 256;

/**
 * Installs what is native in this process: SHA-256 by libsodium and OpenSSL for bytes and by hashtree for pairs, UTF-8, and which
 * bytes are points of a curve. Every entry point calls it first.
 */
export function installNativeFunctions(): void {
  useIsPoint(isPointNative);
  useTextDecoder((bytes, from, end) => {
    const buffer =
      bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = buffer.toString("utf8", from, end);
    // What is ill-formed comes out with this character; a text may also have it of its own.
    const isSure = !text.includes("\u{fffd}");
    return isSure || isUtf8(buffer.subarray(from, end)) ? text : undefined;
  });
  useSha256({
    sha256: (data) => {
      if (data.length >= LONG_BYTES) return hash("sha256", data, "buffer");
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
