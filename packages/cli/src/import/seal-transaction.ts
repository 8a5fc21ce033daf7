import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { hexToBytes } from "@cityroot/core/hex";
import type { Operation, OperationType } from "@cityroot/core/operation/operation";
import { encodeBody, encodeTransaction, signedMessageOf, transactionIdOf } from "@cityroot/core/transaction";
import { chooseSigners } from "../registry/choose-signers.ts";
import { type HolderFile, heldKeysOf } from "../registry/holder-file.ts";

/** Makes signed transactions of one holder: many of them, so with the platform's own Ed25519. */
export type Sealer = (operations: readonly Operation[], lastHeight: number) => Uint8Array;

/** What stands before a seed in PKCS #8. RFC 8410 §7. */
const PKCS8_HEAD = hexToBytes("302e020100300506032b657004220420")!;

/** A sealer with the keys of a holder's file that may sign operations of a type. */
export function sealerOf(file: HolderFile, network: string, type: OperationType): Sealer {
  const chosen = new Set(
    chooseSigners(file, [type]).map(({ publicKey }) => Buffer.from(publicKey).toString("hex")),
  );
  const keys = heldKeysOf(file)
    .map(({ publicKey }, at) => ({ publicKey, seed: hexToBytes(file.keys[at]!)! }))
    .filter(({ publicKey }) => chosen.has(publicKey))
    .map(({ publicKey, seed }) => ({ publicKey: hexToBytes(publicKey)!, key: keyOf(seed) }));
  const holder = hexToBytes(file.id)!;
  return (operations, lastHeight) => {
    const bodyBytes = encodeBody({ network, holder, lastHeight, nonce: randomNonce(), operations });
    const message = signedMessageOf(transactionIdOf(bodyBytes));
    const signatures = keys.map(({ publicKey, key }) => ({
      publicKey,
      signature: new Uint8Array(sign(null, message, key)),
    }));
    return encodeTransaction(bodyBytes, signatures);
  };
}

function keyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
}

function randomNonce(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 11) * 0x1_0000_0000 + low;
}
