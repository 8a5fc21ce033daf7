import type { Verify } from "../key/ed25519.ts";
import { verifyCosignature } from "./cosignature.ts";
import {
  type Note,
  type NoteSignature,
  SIGNATURE_TYPES,
  signaturesOf,
  type VerifierKey,
  verifyText,
} from "./note.ts";

/** Most keys of one log, so that judging its checkpoints stays cheap. Our choice. */
export const LOG_KEYS_MAX = 64;

/** The signatures of a log's keys in a note; undefined when one of them does not verify. C2SP signed-note, "Signatures". */
export function logSignaturesOf(
  note: Note,
  keys: readonly VerifierKey[],
  verify: Verify,
): readonly NoteSignature[] | undefined {
  const found: NoteSignature[] = [];
  for (const key of keys) {
    const signatures = signaturesOf(note, key);
    if (!signatures.every((signature) => isSignature(note.text, signature, key, verify))) return undefined;
    found.push(...signatures);
  }
  return found;
}

/** Whether a signature over a note's text is the key's, by the type of the key. */
function isSignature(text: string, signature: NoteSignature, key: VerifierKey, verify: Verify): boolean {
  return key.type === SIGNATURE_TYPES.ed25519
    ? verifyText(text, signature, key, verify)
    : verifyCosignature(text, signature, key, verify) !== undefined;
}
