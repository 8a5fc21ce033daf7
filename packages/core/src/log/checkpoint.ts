import { type Fault, fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { assert } from "../assert.ts";
import { equalBytes } from "../hex.ts";
import { type Verify, verify as verifyEd25519 } from "../key/ed25519.ts";
import { encodeBase64 } from "./base64.ts";
import { logSignaturesOf } from "./log-signatures.ts";
import { isShortKeyName, KEY_NAME_FORM, type Note, parseNote, signText, type VerifierKey } from "./note.ts";
import { emptyRoot } from "./tree.ts";
import { parseDecimal, parseHash } from "./tree-head.ts";

// What a log says of itself: C2SP tlog-checkpoint, with one extension line of ours.

/** A log at one size, and the registry's state at the block that brought it there. Spec §8.4. */
export type Checkpoint = {
  /** The log's name, such as `registry.example/shijiazhuang`: a text that {@link isShortKeyName} accepts. */
  readonly origin: string;
  /** Leaves of the log, 0 to 2^53-1. */
  readonly size: number;
  /** Root of the log, 32 bytes. RFC 6962 §2.1. */
  readonly logRoot: Uint8Array;
  /** Height of the block, 0 to 2^53-1. */
  readonly height: number;
  /** Time of the block in milliseconds since 1970-01-01T00:00Z, 0 to 2^53-1. */
  readonly timeMs: number;
  /** Root of the state after the block, 32 bytes. */
  readonly stateRoot: Uint8Array;
};

const EXTENSION = /^cityroot\/v1 height=([0-9]+) time=([0-9]+) state=([A-Za-z0-9+/=]+)$/;
const LINES = 4;

/**
 * Text of a checkpoint: origin, size and root as in C2SP tlog-checkpoint, "Note text", and the one extension line
 * `cityroot/v1 height=<decimal> time=<decimal milliseconds> state=<base64 of 32 bytes>`.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, logRoot, height, timeMs, stateRoot } = checkpoint;
  const extension = `cityroot/v1 height=${height} time=${timeMs} state=${encodeBase64(stateRoot)}`;
  const text = `${origin}\n${size}\n${encodeBase64(logRoot)}\n${extension}\n`;
  assert(parseCheckpoint(text).ok, "the checkpoint's parts are within their ranges");
  return text;
}

/** Reads what {@link encodeCheckpoint} writes, and nothing else: there is one text for each checkpoint. */
export function parseCheckpoint(text: string): Parsed<Checkpoint> {
  const [origin = "", sizeText = "", rootText = "", extension = "", ...rest] = text.split("\n");
  if (rest.length !== 1 || rest[0] !== "")
    return refuse("checkpoint", `${LINES} lines, each with a newline`, text);
  if (!isShortKeyName(origin)) return refuse("origin", KEY_NAME_FORM, origin);
  const size = parseDecimal(sizeText);
  if (size === undefined) return refuse("size", "a decimal from 0 to 2^53-1", sizeText);
  const logRoot = parseHash(rootText);
  if (logRoot === undefined) return refuse("root", "base64 of 32 bytes", rootText);
  if (size === 0 && !equalBytes(logRoot, emptyRoot())) {
    return refuse("root", `the empty log's root ${encodeBase64(emptyRoot())}`, rootText);
  }
  const match = EXTENSION.exec(extension);
  if (match === null) return refuse("extension", "cityroot/v1 height=... time=... state=...", extension);
  const [, heightText = "", timeText = "", stateText = ""] = match;
  const height = parseDecimal(heightText);
  if (height === undefined) return refuse("height", "a decimal from 0 to 2^53-1", heightText);
  const timeMs = parseDecimal(timeText);
  if (timeMs === undefined) return refuse("time", "a decimal from 0 to 2^53-1", timeText);
  const stateRoot = parseHash(stateText);
  if (stateRoot === undefined) return refuse("state", "base64 of 32 bytes", stateText);
  return parsed({ origin, size, logRoot, height, timeMs, stateRoot });
}

/**
 * The checkpoint as a note, signed with an Ed25519 seed under `signerName`, which should be the origin.
 * C2SP tlog-checkpoint, "Signatures".
 */
export function signCheckpoint(checkpoint: Checkpoint, signerName: string, seed: Uint8Array): Note {
  const text = encodeCheckpoint(checkpoint);
  return { text, signatures: [signText(text, signerName, seed)] };
}

/** Why a checkpoint is not believed to be the log's. */
export type CheckpointRefusal =
  | { readonly ok: false; readonly reason: "malformed"; readonly fault: Fault }
  | { readonly ok: false; readonly reason: "wrong-origin"; readonly expected: string; readonly got: string }
  | { readonly ok: false; readonly reason: "log-signature-missing" }
  | { readonly ok: false; readonly reason: "log-signature-invalid" };

/** A checkpoint that the log signed, with the note that it stood in; or the first reason against it. */
export type CheckpointVerdict =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly note: Note }
  | CheckpointRefusal;

/**
 * Whether the bytes are a checkpoint of the log `origin`, signed with at least one of its keys. Signatures of other keys
 * are passed over; every one of these keys must verify. C2SP signed-note, "Signatures". This says nothing of witnesses: a
 * client asks `checkPolicy`.
 */
export function verifyCheckpoint(
  bytes: Uint8Array,
  origin: string,
  logKeys: readonly VerifierKey[],
  verify: Verify = verifyEd25519,
): CheckpointVerdict {
  const note = parseNote(bytes);
  if (!note.ok) return { ok: false, reason: "malformed", fault: note.fault };
  const checkpoint = parseCheckpoint(note.value.text);
  if (!checkpoint.ok) return { ok: false, reason: "malformed", fault: checkpoint.fault };
  const got = checkpoint.value.origin;
  if (got !== origin) return { ok: false, reason: "wrong-origin", expected: origin, got };
  const signatures = logSignaturesOf(note.value, logKeys, verify);
  if (signatures === undefined) return { ok: false, reason: "log-signature-invalid" };
  if (signatures.length === 0) return { ok: false, reason: "log-signature-missing" };
  return { ok: true, checkpoint: checkpoint.value, note: note.value };
}

function refuse(field: string, expected: string, got: string): Parsed<never> {
  return refused(fault({ field, expected, got }));
}
