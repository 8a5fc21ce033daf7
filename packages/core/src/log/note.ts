import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { assert } from "../assert.ts";
import { sha256 } from "../hash.ts";
import { bytesToHex } from "../hex.ts";
import { isPublicKey, PUBLIC_KEY_BYTES, publicKeyOf, sign, type Verify } from "../key/ed25519.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { decodeUtf8 } from "./utf8.ts";

// Text with signatures below it: C2SP signed-note.

/** Longest note that is read, in bytes. Our choice; the specification leaves it open. */
export const NOTE_BYTES_MAX = 1_000_000;
/** Most signature lines of a note that is read. Our choice; C2SP signed-note, "Format", asks for at least 16. */
export const NOTE_SIGNATURES_MAX = 100;
/** Longest name of a key of ours or in a policy, in bytes of UTF-8: what every cosignature format can carry. */
export const KEY_NAME_BYTES_MAX = 255;

/** Signature types that are made and verified here, by their identifier byte. C2SP signed-note, "Signature types". */
export const SIGNATURE_TYPES = { ed25519: 0x01, cosignature: 0x04 } as const;
/** The identifier byte of a signature type. */
export type SignatureType = (typeof SIGNATURE_TYPES)[keyof typeof SIGNATURE_TYPES];

/** What {@link isShortKeyName} asks for, in words. */
export const KEY_NAME_FORM: string = `a name of 1 to ${KEY_NAME_BYTES_MAX} bytes without spaces, plus signs and controls`;

const KEY_ID_BYTES = 4;
const VERIFIER_KEY = /^([^+]*)\+([^+]*)\+(.+)$/su;
const SIGNATURES_BEGIN = "\n\n";
const SIGNATURE_LINE_BEGIN = "\u2014 ";
/** Unicode's White_Space above the control characters, listed so that no version of Unicode decides. */
const SPACE = /[\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A key that is trusted to verify: its name and `keyId`, 0 to 2^32-1, stand in the lines of its signatures.
 * C2SP signed-note, "Verifier keys".
 */
export type VerifierKey = {
  readonly name: string;
  readonly keyId: number;
  readonly type: SignatureType;
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
};

/** One signature line: who says to have signed, and the signature, whose form its key's type decides. */
export type NoteSignature = {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
};

/** A text, which ends in a newline, and its signatures in their order. C2SP signed-note, "Format". Spec §8.4. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** Whether a text may name a key: not empty, no Unicode space, no plus, no control character. */
export function isKeyName(text: string): boolean {
  return text !== "" && !text.includes("+") && !SPACE.test(text) && isNoteText(text) && !text.includes("\n");
}

/** Whether a text may name a key of ours, or be an origin: {@link isKeyName} within {@link KEY_NAME_BYTES_MAX}. */
export function isShortKeyName(text: string): boolean {
  return isKeyName(text) && utf8ToBytes(text).length <= KEY_NAME_BYTES_MAX;
}

/** Key id: the first four bytes of a SHA-256, as a number. C2SP signed-note, "Signatures". */
export function keyIdOf(name: string, type: SignatureType, publicKey: Uint8Array): number {
  const digest = sha256(new Uint8Array([...utf8ToBytes(`${name}\n`), type, ...publicKey]));
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}

/** The verifier key of a name of ours and a public key; the name is one that {@link isShortKeyName} accepts. */
export function makeVerifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  assert(isShortKeyName(name), "the key's name is a key name");
  return { name, keyId: keyIdOf(name, type, publicKey), type, publicKey };
}

/** Text form of a verifier key, `name+id+key`. C2SP signed-note, "Verifier keys". */
export function printVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${bytesToHex(keyIdBytes(keyId))}+${encodeBase64(new Uint8Array([type, ...publicKey]))}`;
}

/**
 * Reads a verifier key of one of the {@link SIGNATURE_TYPES}. The key id must be the one that its parts give, and the
 * public key one under which signatures can verify.
 */
export function parseVerifierKey(text: string): Parsed<VerifierKey> {
  // The key's base64 may hold plus signs itself; a name and an id cannot.
  const [, name = "", id = "", key = ""] = VERIFIER_KEY.exec(text) ?? [];
  if (key === "") return refuse("verifier key", "name+id+key", text);
  if (!isShortKeyName(name)) return refuse("name", KEY_NAME_FORM, name);
  const bytes = decodeBase64(key);
  const type = Object.values(SIGNATURE_TYPES).find((known) => known === bytes?.[0]);
  if (bytes === undefined || type === undefined) {
    return refuse("key", "base64 of a key of type 0x01 or 0x04", key);
  }
  const publicKey = bytes.slice(1);
  if (!isPublicKey(publicKey))
    return refuse("key", `an Ed25519 public key of ${PUBLIC_KEY_BYTES} bytes`, key);
  const keyId = keyIdOf(name, type, publicKey);
  const expected = bytesToHex(keyIdBytes(keyId));
  return id === expected ? parsed({ name, keyId, type, publicKey }) : refuse("id", expected, id);
}

/**
 * Reads a note strictly: UTF-8, no control character but newline, a text, an empty line, and signature lines only.
 * Bounded by {@link NOTE_BYTES_MAX} and {@link NOTE_SIGNATURES_MAX}. Nothing is verified. C2SP signed-note, "Format".
 */
export function parseNote(bytes: Uint8Array): Parsed<Note> {
  if (bytes.length > NOTE_BYTES_MAX) {
    return refuse("note", `at most ${NOTE_BYTES_MAX} bytes`, `${bytes.length} bytes`);
  }
  const whole = decodeUtf8(bytes);
  if (whole === undefined) return refuse("note", "well-formed UTF-8", "ill-formed bytes");
  if (!isNoteText(whole)) return refuse("note", "no control character but newline", whole);
  const split = whole.lastIndexOf(SIGNATURES_BEGIN);
  if (split < 0) return refuse("note", "an empty line before the signatures", whole);
  const signatures = parseSignatureLines(whole.slice(split + SIGNATURES_BEGIN.length));
  return signatures.ok
    ? parsed({ text: whole.slice(0, split + 1), signatures: signatures.value })
    : signatures;
}

/**
 * Reads signature lines alone, at least one, as a witness answers with them (C2SP tlog-witness, add-checkpoint).
 * Lines of unknown keys and repeated lines are kept: which of them count is for the verifier to say.
 */
export function parseSignatureLines(text: string): Parsed<NoteSignature[]> {
  if (!text.endsWith("\n")) return refuse("signatures", "lines that end in a newline", text);
  const lines = text.slice(0, -1).split("\n");
  if (lines.length > NOTE_SIGNATURES_MAX) {
    return refuse("signatures", `at most ${NOTE_SIGNATURES_MAX} lines`, `${lines.length} lines`);
  }
  const signatures: NoteSignature[] = [];
  for (const [at, line] of lines.entries()) {
    const signature = parseSignatureLine(line);
    if (signature === undefined) {
      return refuse(`signatures[${at}]`, "em dash, space, key name, space, base64 of id and signature", line);
    }
    signatures.push(signature);
  }
  return parsed(signatures);
}

function parseSignatureLine(line: string): NoteSignature | undefined {
  const [name = "", base64 = "", ...more] = line.slice(SIGNATURE_LINE_BEGIN.length).split(" ");
  const bytes = decodeBase64(base64);
  if (!line.startsWith(SIGNATURE_LINE_BEGIN) || more.length > 0 || !isKeyName(name)) return undefined;
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined;
  const keyId = new DataView(bytes.buffer).getUint32(0);
  return { name, keyId, signature: bytes.slice(KEY_ID_BYTES) };
}

/** Bytes of a note of ours: at least one signature. C2SP signed-note, "Format". */
export function encodeNote({ text, signatures }: Note): Uint8Array {
  assert(
    text.endsWith("\n") && isNoteText(text),
    "a note's text ends in a newline and has no other control character",
  );
  assert(signatures.length > 0, "a note has a signature");
  return utf8ToBytes(`${text}\n${printSignatureLines(signatures)}`);
}

/** Signature lines, each with its newline. C2SP signed-note, "Signatures". */
export function printSignatureLines(signatures: readonly NoteSignature[]): string {
  return signatures
    .map(({ name, keyId, signature }) => {
      const bytes = new Uint8Array([...keyIdBytes(keyId), ...signature]);
      return `${SIGNATURE_LINE_BEGIN}${name} ${encodeBase64(bytes)}\n`;
    })
    .join("");
}

/** The note with more signatures after those it has; one of the same name and key id takes the earlier one's place. */
export function addSignatures(note: Note, added: readonly NoteSignature[]): Note {
  const kept = note.signatures.filter((old) => !added.some((signature) => isOfSameKey(signature, old)));
  return { text: note.text, signatures: [...kept, ...added] };
}

/** The signatures that say to be of a key: its name and its key id both match. C2SP signed-note, "Signatures". */
export function signaturesOf(note: Note, key: VerifierKey): NoteSignature[] {
  return note.signatures.filter((signature) => isOfSameKey(signature, key));
}

type KeyMark = { readonly name: string; readonly keyId: number };

function isOfSameKey(a: KeyMark, b: KeyMark): boolean {
  return a.name === b.name && a.keyId === b.keyId;
}

/** Signs a note's text with an Ed25519 seed, as type 0x01. C2SP signed-note, "Ed25519 signatures". */
export function signText(text: string, name: string, seed: Uint8Array): NoteSignature {
  const { keyId } = makeVerifierKey(name, SIGNATURE_TYPES.ed25519, publicKeyOf(seed));
  return { name, keyId, signature: sign(seed, utf8ToBytes(text)) };
}

/** Whether a signature of type 0x01 over a note's text is that of `key`. C2SP signed-note, "Ed25519 signatures". */
export function verifyText(
  text: string,
  signature: NoteSignature,
  key: VerifierKey,
  verify: Verify,
): boolean {
  if (key.type !== SIGNATURE_TYPES.ed25519 || !isOfSameKey(signature, key)) return false;
  return verify(key.publicKey, utf8ToBytes(text), signature.signature);
}

function isNoteText(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) < 0x20 && text[at] !== "\n") return false;
  }
  return !LONE_SURROGATE.test(text);
}

function keyIdBytes(keyId: number): Uint8Array {
  const bytes = new Uint8Array(KEY_ID_BYTES);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

function refuse(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}
