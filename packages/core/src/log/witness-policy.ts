import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { equalBytes } from "../hex.ts";
import { type Verify, verify as verifyEd25519 } from "../key/ed25519.ts";
import { type Checkpoint, type CheckpointRefusal, verifyCheckpoint } from "./checkpoint.ts";
import { verifyCosignature } from "./cosignature.ts";
import { LOG_KEYS_MAX } from "./log-signatures.ts";
import {
  isShortKeyName,
  KEY_NAME_FORM,
  type Note,
  parseVerifierKey,
  printVerifierKey,
  SIGNATURE_TYPES,
  type SignatureType,
  signaturesOf,
  type VerifierKey,
} from "./note.ts";

// Which checkpoints a client believes. The idea is that of C2SP tlog-policy, for one log and one group of witnesses.

/** Most witnesses of a policy. Our choice; C2SP tlog-policy, "Implementation limits", asks for at least 32. */
export const WITNESSES_MAX = 64;

/**
 * A checkpoint counts when the log `origin` signed it with at least one of its `logKeys` (type 0x01, 1 to
 * {@link LOG_KEYS_MAX}) and at least `quorum` of the `witnesses` (type 0x04) cosigned it. A network has a log key for each
 * of its nodes, all of which sign the same text. Names of witnesses and public keys are all different, so that each
 * witness counts once. Spec §8.6.
 */
export type Policy = {
  readonly origin: string;
  readonly logKeys: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  /** 0 to the number of witnesses; 0 asks for no cosignature and must be written out. */
  readonly quorum: number;
};

/** A policy as JSON; keys in the text form of C2SP signed-note, "Verifier keys". All four members must be there. */
export type PolicyJson = {
  readonly origin: string;
  readonly logKeys: readonly string[];
  readonly witnesses: readonly string[];
  readonly quorum: number;
};

const MEMBERS = ["origin", "logKeys", "witnesses", "quorum"];

/** Reads a policy from JSON text. */
export function parsePolicy(text: string): Parsed<Policy> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse("policy", "JSON", text);
  }
  return readPolicy(json);
}

/** Reads a policy from a JSON value, strictly: no other members, and everything {@link Policy} promises. */
export function readPolicy(json: unknown): Parsed<Policy> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse("policy", "an object", shown(json));
  }
  const stranger = Object.keys(json).find((member) => !MEMBERS.includes(member));
  if (stranger !== undefined) return refuse("policy", `only the members ${MEMBERS.join(", ")}`, stranger);
  const { origin, logKeys, witnesses, quorum } = json as Partial<Record<keyof PolicyJson, unknown>>;
  if (typeof origin !== "string" || !isShortKeyName(origin)) {
    return refuse("origin", KEY_NAME_FORM, shown(origin));
  }
  const logs = readLogKeys(logKeys);
  if (!logs.ok) return logs;
  const cosigners = readWitnesses(witnesses, logs.value);
  if (!cosigners.ok) return cosigners;
  const most = cosigners.value.length;
  if (typeof quorum !== "number" || !Number.isSafeInteger(quorum) || quorum < 0 || quorum > most) {
    return refuse("quorum", `a whole number from 0 to ${most}, the number of witnesses`, shown(quorum));
  }
  return parsed({ origin, logKeys: logs.value, witnesses: cosigners.value, quorum });
}

function readLogKeys(json: unknown): Parsed<VerifierKey[]> {
  if (!Array.isArray(json) || json.length === 0 || json.length > LOG_KEYS_MAX) {
    return refuse("logKeys", `a list of 1 to ${LOG_KEYS_MAX} verifier keys`, shown(json));
  }
  const keys: VerifierKey[] = [];
  for (const [at, text] of json.entries()) {
    const field = `logKeys[${at}]`;
    const key = readKey(field, text, SIGNATURE_TYPES.ed25519);
    if (!key.ok) return key;
    const { name, keyId, publicKey } = key.value;
    if (keys.some((other) => equalBytes(other.publicKey, publicKey))) {
      return refuse(field, "a public key that stands once", shown(text));
    }
    // The nodes of a network sign under one name: whose signature a line is, its key id has to tell.
    if (keys.some((other) => other.name === name && other.keyId === keyId)) {
      return refuse(field, "a key id of its own under its name", shown(text));
    }
    keys.push(key.value);
  }
  return parsed(keys);
}

function readWitnesses(json: unknown, logKeys: readonly VerifierKey[]): Parsed<VerifierKey[]> {
  if (!Array.isArray(json) || json.length > WITNESSES_MAX) {
    return refuse("witnesses", `a list of at most ${WITNESSES_MAX} verifier keys`, shown(json));
  }
  const witnesses: VerifierKey[] = [];
  for (const [at, text] of json.entries()) {
    const field = `witnesses[${at}]`;
    const key = readKey(field, text, SIGNATURE_TYPES.cosignature);
    if (!key.ok) return key;
    const { name, publicKey } = key.value;
    // A witness under two keys or names would count twice; the log under a witness's name would vouch for itself.
    if (witnesses.some((other) => other.name === name)) return refuse(field, "a name of its own", name);
    if ([...logKeys, ...witnesses].some((other) => equalBytes(other.publicKey, publicKey))) {
      return refuse(field, "a public key that is no other witness's and none of the log's", shown(text));
    }
    witnesses.push(key.value);
  }
  return parsed(witnesses);
}

function readKey(field: string, json: unknown, type: SignatureType): Parsed<VerifierKey> {
  if (typeof json !== "string") return refuse(field, "a verifier key", shown(json));
  const key = parseVerifierKey(json);
  if (!key.ok) return refused({ ...key.fault, field: `${field}: ${key.fault.field}` });
  return key.value.type === type ? key : refuse(field, `a verifier key of type 0x0${type}`, json);
}

/** The policy as a JSON value, which {@link readPolicy} reads back. */
export function writePolicy({ origin, logKeys, witnesses, quorum }: Policy): PolicyJson {
  const print = (keys: readonly VerifierKey[]): string[] => keys.map(printVerifierKey);
  return { origin, logKeys: print(logKeys), witnesses: print(witnesses), quorum };
}

/** The policy as JSON text, for a file. */
export function printPolicy(policy: Policy): string {
  return `${JSON.stringify(writePolicy(policy), null, 2)}\n`;
}

/** Who cosigned, and when it says so: the latest of its cosignatures, in seconds since 1970-01-01T00:00Z. */
export type Cosigner = { readonly name: string; readonly timeS: number };

/**
 * Whether a checkpoint meets a policy. Reasons are checked in this order: malformed, wrong-origin,
 * log-signature-missing, log-signature-invalid, cosignature-invalid, too-few-cosignatures.
 */
export type PolicyVerdict =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly cosigners: readonly Cosigner[] }
  | CheckpointRefusal
  | { readonly ok: false; readonly reason: "cosignature-invalid"; readonly name: string }
  | {
      readonly ok: false;
      readonly reason: "too-few-cosignatures";
      readonly needed: number;
      readonly found: number;
      /** Witnesses of the policy that did cosign, in the policy's order. */
      readonly names: readonly string[];
    };

/**
 * Checks the bytes of a signed checkpoint against a policy. Signatures of keys outside the policy are passed over; a
 * signature under a name and key id of the policy that does not verify refuses the whole note, as C2SP signed-note,
 * "Signatures", advises: an honest server never sends one.
 */
export function checkPolicy(
  bytes: Uint8Array,
  policy: Policy,
  verify: Verify = verifyEd25519,
): PolicyVerdict {
  const signed = verifyCheckpoint(bytes, policy.origin, policy.logKeys, verify);
  if (!signed.ok) return signed;
  const cosigners: Cosigner[] = [];
  for (const witness of policy.witnesses) {
    const times = timesOf(signed.note, witness, verify);
    if (times.includes(undefined)) return { ok: false, reason: "cosignature-invalid", name: witness.name };
    if (times.length > 0) cosigners.push({ name: witness.name, timeS: Math.max(...(times as number[])) });
  }
  const found = cosigners.length;
  if (found >= policy.quorum) return { ok: true, checkpoint: signed.checkpoint, cosigners };
  const names = cosigners.map(({ name }) => name);
  return { ok: false, reason: "too-few-cosignatures", needed: policy.quorum, found, names };
}

function timesOf(note: Note, witness: VerifierKey, verify: Verify): (number | undefined)[] {
  return signaturesOf(note, witness).map((signature) =>
    verifyCosignature(note.text, signature, witness, verify),
  );
}

/** The value in a fault: of what is no text or number, only its kind, since a value from code may hold anything. */
function shown(json: unknown): string {
  if (typeof json === "string") return json;
  if (typeof json === "number" || typeof json === "boolean" || json == null) return String(json);
  return Array.isArray(json) ? `a list of ${json.length}` : typeof json;
}

function refuse(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}
