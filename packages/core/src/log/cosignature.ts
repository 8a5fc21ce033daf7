import { utf8ToBytes } from "@noble/hashes/utils.js";
import { assert } from "../assert.ts";
import { publicKeyOf, SIGNATURE_BYTES, sign, type Verify } from "../key/ed25519.ts";
import { makeVerifierKey, type NoteSignature, SIGNATURE_TYPES, type VerifierKey } from "./note.ts";

// What a witness says: at this time, this was the largest tree of the log that it saw, and it continues the ones
// before. C2SP tlog-cosignature, "Ed25519 signed message".

const TIME_BYTES = 8;
const TWO_TO_32 = 0x1_0000_0000;

/**
 * Cosigns a checkpoint's text, which the caller has found consistent with what it cosigned before, as type 0x04.
 * `timeS` is now, in seconds since 1970-01-01T00:00Z, 1 to 2^53-1. The whole text is signed, extension lines too. Spec §8.5.
 */
export function cosignText(text: string, name: string, seed: Uint8Array, timeS: number): NoteSignature {
  assert(Number.isSafeInteger(timeS) && timeS > 0, "a cosignature's time is whole seconds after 1970");
  const { keyId } = makeVerifierKey(name, SIGNATURE_TYPES.cosignature, publicKeyOf(seed));
  const signature = new Uint8Array(TIME_BYTES + SIGNATURE_BYTES);
  const view = new DataView(signature.buffer);
  view.setUint32(0, Math.floor(timeS / TWO_TO_32));
  view.setUint32(4, timeS % TWO_TO_32);
  signature.set(sign(seed, messageOf(text, timeS)), TIME_BYTES);
  return { name, keyId, signature };
}

/**
 * The time at which `key` cosigned the text, in seconds since 1970-01-01T00:00Z; undefined when this is not its
 * cosignature. A time of zero is not one (C2SP tlog-witness, add-checkpoint), nor is one beyond 2^53-1. Whether the
 * time is plausible is for the caller to say, who has a clock.
 */
export function verifyCosignature(
  text: string,
  { name, keyId, signature }: NoteSignature,
  key: VerifierKey,
  verify: Verify,
): number | undefined {
  if (key.type !== SIGNATURE_TYPES.cosignature || name !== key.name || keyId !== key.keyId) return undefined;
  if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const view = new DataView(signature.buffer, signature.byteOffset);
  const timeS = view.getUint32(0) * TWO_TO_32 + view.getUint32(4);
  if (timeS === 0 || !Number.isSafeInteger(timeS)) return undefined;
  return verify(key.publicKey, messageOf(text, timeS), signature.subarray(TIME_BYTES)) ? timeS : undefined;
}

function messageOf(text: string, timeS: number): Uint8Array {
  return utf8ToBytes(`cosignature/v1\ntime ${timeS}\n${text}`);
}
