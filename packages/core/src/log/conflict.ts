import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "../hex.ts";
import { type Verify, verify as verifyEd25519 } from "../key/ed25519.ts";
import { PROOF_LINES_MAX } from "./add-checkpoint.ts";
import { encodeBase64 } from "./base64.ts";
import { showsOtherBeginning } from "./consistency.ts";
import { LOG_KEYS_MAX, logSignaturesOf } from "./log-signatures.ts";
import {
  type Note,
  parseNote,
  parseVerifierKey,
  printSignatureLines,
  printVerifierKey,
  type VerifierKey,
} from "./note.ts";
import { parseHash, parseTreeHead } from "./tree-head.ts";

// What shows that a log told two histories: evidence that anyone can judge. Spec §8.5.8.

/**
 * Two signed checkpoints of one log that do not go together, as far as `path` (hashes of 32 bytes, a consistency proof
 * from the smaller to the larger) can show. Anyone who knows the log's `keys` can
 * judge it. Spec §8.5.8.
 */
export type Conflict = {
  readonly keys: readonly VerifierKey[];
  readonly cosigned: Note;
  readonly submitted: Note;
  readonly path: readonly Uint8Array[];
};

/**
 * What a conflict shows: `two-roots` of one size, or `other-beginning`, a larger tree that begins with another one than
 * the smaller; each is a fork, whoever shows it. `unproven` may be a fork or a proof that somebody made up, and
 * `unsigned` is nothing of the log's.
 */
export type ConflictVerdict = "two-roots" | "other-beginning" | "unproven" | "unsigned";

/** Judges a conflict anew, with nothing believed but the log's keys. Spec §8.5.8. */
export function judgeConflict(conflict: Conflict, verify: Verify = verifyEd25519): ConflictVerdict {
  const { keys, cosigned, submitted, path } = conflict;
  const heads = [cosigned, submitted].map((note) => {
    const head = parseTreeHead(note.text);
    const signatures = logSignaturesOf(note, keys, verify);
    return head.ok && signatures !== undefined && signatures.length > 0 ? head.value : undefined;
  });
  const [one, other] = heads;
  if (one === undefined || other === undefined || one.origin !== other.origin) return "unsigned";
  if (one.size === other.size) return equalBytes(one.root, other.root) ? "unproven" : "two-roots";
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  const proof = { oldSize: small.size, newSize: large.size, path };
  return showsOtherBeginning(small.root, large.root, proof) ? "other-beginning" : "unproven";
}

/** A conflict as JSON: keys as verifier keys, notes as they are written, hashes in base64. */
export type ConflictJson = {
  readonly keys: readonly string[];
  readonly cosigned: string;
  readonly submitted: string;
  readonly proof: readonly string[];
};

/** The conflict as a JSON value, which {@link readConflict} reads back. */
export function writeConflict({ keys, cosigned, submitted, path }: Conflict): ConflictJson {
  return {
    keys: keys.map(printVerifierKey),
    cosigned: printNote(cosigned),
    submitted: printNote(submitted),
    proof: path.map(encodeBase64),
  };
}

/** Reads a conflict from a JSON value; other members are passed over. Nothing is judged. */
export function readConflict(json: unknown): Parsed<Conflict> {
  if (typeof json !== "object" || json === null) return refuse("conflict", "an object", String(json));
  const { keys, cosigned, submitted, proof } = json as Partial<Record<keyof ConflictJson, unknown>>;
  const readKeys = readList("keys", keys, LOG_KEYS_MAX, parseVerifierKey);
  if (!readKeys.ok) return readKeys;
  const readPath = readList("proof", proof, PROOF_LINES_MAX, (text) => {
    const hash = parseHash(text);
    return hash === undefined ? refuse("hash", "base64 of 32 bytes", text) : parsed(hash);
  });
  if (!readPath.ok) return readPath;
  const first = readNote("cosigned", cosigned);
  if (!first.ok) return first;
  const second = readNote("submitted", submitted);
  if (!second.ok) return second;
  return parsed({
    keys: readKeys.value,
    cosigned: first.value,
    submitted: second.value,
    path: readPath.value,
  });
}

function readList<T>(
  field: string,
  json: unknown,
  most: number,
  read: (text: string) => Parsed<T>,
): Parsed<readonly T[]> {
  if (!Array.isArray(json) || json.length > most)
    return refuse(field, `a list of at most ${most} texts`, typeof json);
  const values: T[] = [];
  for (const [at, text] of json.entries()) {
    if (typeof text !== "string") return refuse(`${field}[${at}]`, "a text", typeof text);
    const value = read(text);
    if (!value.ok) return refused({ ...value.fault, field: `${field}[${at}]: ${value.fault.field}` });
    values.push(value.value);
  }
  return parsed(values);
}

function readNote(field: string, json: unknown): Parsed<Note> {
  if (typeof json !== "string") return refuse(field, "a signed note", typeof json);
  const note = parseNote(utf8ToBytes(json));
  return note.ok ? note : refused({ ...note.fault, field: `${field}: ${note.fault.field}` });
}

function printNote({ text, signatures }: Note): string {
  return `${text}\n${printSignatureLines(signatures)}`;
}

function refuse(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}
