import { existsSync, readFileSync } from "node:fs";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import { verifyCosignature } from "@cityroot/core/log/cosignature";
import { encodeNote, type Note, parseNote, signaturesOf, type VerifierKey } from "@cityroot/core/log/note";
import { parseTreeHead, type TreeHead } from "@cityroot/core/log/tree-head";
import { verifyNative } from "../signature/native-ed25519.ts";
import { writeDurable } from "./write-durable.ts";

/** What a witness cosigned last of a log: the checkpoint with the log's signatures and its own cosignature. */
export type Cosigned = {
  readonly head: TreeHead;
  readonly note: Note;
  /** Time of the cosignature in seconds since 1970-01-01T00:00Z. */
  readonly timeS: number;
};

/** Thrown where what was cosigned last is not known: a witness that went on could sign a second history. */
export class RecordLostError extends Error {
  override readonly name = "RecordLostError";
}

/** What stands in the record of a log of which nothing was cosigned yet: an empty or missing file is a lost one. */
const NOTHING_YET = "nothing cosigned yet\n";

/** SHA-256 of an origin in lower case hexadecimal, as C2SP tlog-witness names a log in addresses. */
export function originHashOf(origin: string): string {
  return bytesToHex(sha256(Buffer.from(origin)));
}

/** Where the record of a log is kept in a folder. */
export function recordPath(folder: string, origin: string): string {
  return `${folder}/${originHashOf(origin)}.note`;
}

/** Begins the record of a log, unless there is one: what was cosigned is never forgotten. */
export async function beginRecord(folder: string, origin: string): Promise<void> {
  const path = recordPath(folder, origin);
  if (!existsSync(path)) await writeDurable(path, NOTHING_YET);
}

/**
 * Reads the record of a log, which proves itself by the witness's own cosignature; undefined where nothing was cosigned
 * yet. Throws {@link RecordLostError} for one that is missing, damaged or another witness's.
 */
export function readRecord(folder: string, origin: string, witness: VerifierKey): Cosigned | undefined {
  const path = recordPath(folder, origin);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw lost(path, origin, (cause as Error).message, cause);
  }
  if (bytes.toString() === NOTHING_YET) return undefined;
  const note = parseNote(bytes);
  const head = note.ok ? parseTreeHead(note.value.text) : note;
  if (!note.ok || !head.ok) throw lost(path, origin, "it is damaged");
  if (head.value.origin !== origin) throw lost(path, origin, "it is of another log");
  const times = signaturesOf(note.value, witness).map((signature) =>
    verifyCosignature(note.value.text, signature, witness, verifyNative),
  );
  const [timeS] = times;
  if (timeS === undefined) throw lost(path, origin, "it has no cosignature of this witness that holds");
  return { head: head.value, note: note.value, timeS };
}

/** Records what is about to be cosigned: when the promise is kept, it is on the disk. */
export function writeRecord(folder: string, { head, note }: Cosigned): Promise<void> {
  return writeDurable(recordPath(folder, head.origin), Buffer.from(encodeNote(note)).toString());
}

function lost(path: string, origin: string, why: string, cause?: unknown): RecordLostError {
  const detail = `the record ${path} of what was cosigned of ${origin} cannot be used: ${why}`;
  return new RecordLostError(detail, { cause });
}
