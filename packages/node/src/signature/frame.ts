import { SIGNED_MESSAGE_BYTES } from "@cityroot/core/transaction";

// What passes between the engine and a process that checks signatures. A request: its number, how many checks, and for
// each the public key, the signature and the message. An answer: the same number and count, and a byte for each check.

/** One signature to check. */
export type Check = {
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
};

export const HEAD_BYTES = 8;
export const CHECK_BYTES: number = 32 + 64 + SIGNED_MESSAGE_BYTES;

/** Bytes of a request. */
export function encodeRequest(number: number, checks: readonly Check[]): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + checks.length * CHECK_BYTES);
  bytes.writeUInt32LE(number, 0);
  bytes.writeUInt32LE(checks.length, 4);
  let at = HEAD_BYTES;
  for (const { publicKey, signature, message } of checks) {
    bytes.set(publicKey, at);
    bytes.set(signature, at + 32);
    bytes.set(message, at + 96);
    at += CHECK_BYTES;
  }
  return bytes;
}

/** Takes whole frames off a stream of bytes; `unitBytes` is the length of one check's part. */
export function frameReader(
  unitBytes: number,
  onFrame: (number: number, count: number, body: Buffer) => void,
): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= HEAD_BYTES) {
      const count = pending.readUInt32LE(4);
      const end = HEAD_BYTES + count * unitBytes;
      if (pending.length < end) return;
      onFrame(pending.readUInt32LE(0), count, pending.subarray(HEAD_BYTES, end));
      pending = pending.subarray(end);
    }
  };
}
