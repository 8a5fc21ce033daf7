import { publicKeyOf } from "../key/ed25519.ts";
import { seedOf } from "../ledger.testing.ts";
import { type Checkpoint, signCheckpoint } from "../log/checkpoint.ts";
import { cosignText } from "../log/cosignature.ts";
import { addSignatures, encodeNote, makeVerifierKey, SIGNATURE_TYPES } from "../log/note.ts";
import type { Policy } from "../log/witness-policy.ts";

/** Name of the test log. */
export const TEST_ORIGIN = "registry.example/test";
const LOG_SEED = seedOf(200);

/** Secret key and name of a test witness, by number. */
export function testWitness(number: number): { readonly name: string; readonly seed: Uint8Array } {
  return { name: `witness.example/${number}`, seed: seedOf(210 + number) };
}

function witnessKey(number: number): Policy["witnesses"][number] {
  const { name, seed } = testWitness(number);
  return makeVerifierKey(name, SIGNATURE_TYPES.cosignature, publicKeyOf(seed));
}

/** Three witnesses, of whom two must have cosigned. */
export const TEST_POLICY: Policy = {
  origin: TEST_ORIGIN,
  logKeys: [makeVerifierKey(TEST_ORIGIN, SIGNATURE_TYPES.ed25519, publicKeyOf(LOG_SEED))],
  witnesses: [witnessKey(1), witnessKey(2), witnessKey(3)],
  quorum: 2,
};

/** The checkpoint signed by the log and cosigned by witnesses: as many as the policy asks for unless said otherwise. */
export function signTestCheckpoint(
  checkpoint: Checkpoint,
  witnesses: readonly number[] = [1, 2],
  logSeed: Uint8Array = LOG_SEED,
): Uint8Array {
  const note = signCheckpoint(checkpoint, checkpoint.origin, logSeed);
  const timeS = Math.floor(checkpoint.timeMs / 1000) + 1;
  const cosignatures = witnesses.map((number) => {
    const { name, seed } = testWitness(number);
    return cosignText(note.text, name, seed, timeS);
  });
  return encodeNote(addSignatures(note, cosignatures));
}
