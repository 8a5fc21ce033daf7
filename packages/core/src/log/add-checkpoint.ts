import { fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { assert } from "../assert.ts";
import { HASH_BYTES } from "../hash.ts";
import { encodeBase64 } from "./base64.ts";
import { encodeNote, type Note, parseNote } from "./note.ts";
import { LOG_SIZE_MAX } from "./tree.ts";
import { parseDecimal, parseHash } from "./tree-head.ts";
import { decodeUtf8 } from "./utf8.ts";

/** Most proof lines of a request to a witness. C2SP tlog-witness, "add-checkpoint". */
export const PROOF_LINES_MAX = 63;
/** Longest request to a witness that is read, in bytes. Our choice: a checkpoint with 32 signatures of the longest type fits. */
export const ADD_CHECKPOINT_BYTES_MAX = 131_072;

/**
 * What a log asks of a witness: to cosign the checkpoint in `note`, shown by `path` (RFC 6962 §2.1.2, hashes of 32 bytes)
 * to continue the log of `oldSize` leaves, 0 to 2^53-1. C2SP tlog-witness, "add-checkpoint". Spec §8.5.4.
 */
export type AddCheckpoint = {
  readonly oldSize: number;
  readonly path: readonly Uint8Array[];
  readonly note: Note;
};

const OLD_SIZE_BEGIN = "old ";
const NEWLINE = 0x0a;

/** Bytes of a request of ours. C2SP tlog-witness, "add-checkpoint". */
export function encodeAddCheckpoint({ oldSize, path, note }: AddCheckpoint): Uint8Array {
  assert(
    Number.isSafeInteger(oldSize) && oldSize >= 0 && oldSize <= LOG_SIZE_MAX,
    "the old size is a size of a log",
  );
  assert(path.length <= PROOF_LINES_MAX, "a proof has as many hashes as a request may carry");
  assert(
    path.every((hash) => hash.length === HASH_BYTES),
    "a proof is made of hashes",
  );
  const lines = [`${OLD_SIZE_BEGIN}${oldSize}`, ...path.map(encodeBase64), "", ""];
  return new Uint8Array([...utf8ToBytes(lines.join("\n")), ...encodeNote(note)]);
}

/**
 * Reads a request strictly: the old size, at most {@link PROOF_LINES_MAX} hashes, an empty line, a note, and in all at
 * most {@link ADD_CHECKPOINT_BYTES_MAX} bytes. Nothing is verified. C2SP tlog-witness, "add-checkpoint".
 */
export function parseAddCheckpoint(bytes: Uint8Array): Parsed<AddCheckpoint> {
  if (bytes.length > ADD_CHECKPOINT_BYTES_MAX) {
    return refuse("request", `at most ${ADD_CHECKPOINT_BYTES_MAX} bytes`, `${bytes.length} bytes`);
  }
  const end = emptyLineOf(bytes);
  const head = end < 0 ? undefined : decodeUtf8(bytes.subarray(0, end));
  if (head === undefined)
    return refuse("request", "lines of text, an empty line, and a checkpoint", "no such lines");
  const [first = "", ...hashes] = head.split("\n");
  const oldSize = first.startsWith(OLD_SIZE_BEGIN)
    ? parseDecimal(first.slice(OLD_SIZE_BEGIN.length))
    : undefined;
  if (oldSize === undefined) return refuse("old", "old, a space, and a decimal from 0 to 2^53-1", first);
  if (hashes.length > PROOF_LINES_MAX) {
    return refuse("proof", `at most ${PROOF_LINES_MAX} lines`, `${hashes.length} lines`);
  }
  const path: Uint8Array[] = [];
  for (const [at, line] of hashes.entries()) {
    const hash = parseHash(line);
    if (hash === undefined) return refuse(`proof[${at}]`, "base64 of 32 bytes", line);
    path.push(hash);
  }
  const note = parseNote(bytes.subarray(end + 2));
  return note.ok ? parsed({ oldSize, path, note: note.value }) : note;
}

/** Where the first two newlines in a row begin, or -1. */
function emptyLineOf(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (bytes[at + 1] === NEWLINE) return at;
  }
  return -1;
}

function refuse(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}
