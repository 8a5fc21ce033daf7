// What a witness answers to a row of requests, and what conflicts show: C2SP tlog-witness, and clause 8.5.
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import { encodeAddCheckpoint } from "@cityroot/core/log/add-checkpoint";
import {
  type ConflictJson,
  type ConflictVerdict,
  judgeConflict,
  writeConflict,
} from "@cityroot/core/log/conflict";
import { cosignText } from "@cityroot/core/log/cosignature";
import {
  addSignatures,
  makeVerifierKey,
  type Note,
  printSignatureLines,
  printVerifierKey,
  SIGNATURE_TYPES,
  signText,
  type VerifierKey,
} from "@cityroot/core/log/note";
import { type SignedLog, signedLog } from "@cityroot/core/log/signed-log.testing";
import type { TreeHead } from "@cityroot/core/log/tree-head";
import { readSubmission, refuseSubmission } from "@cityroot/core/log/witness";

/** One request and its answer; `lines` of a 200, `size` of a 409. */
export type ExchangeVector = {
  readonly about: string;
  readonly request: string;
  readonly timeS: number;
  readonly status: number;
  readonly size?: number;
  readonly lines?: string;
};
export type ConflictVector = ConflictJson & { readonly about: string; readonly verdict: ConflictVerdict };
export type WitnessFile = {
  readonly about: string;
  readonly witness: { readonly name: string; readonly seed: string; readonly key: string };
  readonly logs: readonly { readonly origin: string; readonly keys: readonly string[] }[];
  readonly exchanges: readonly ExchangeVector[];
  readonly conflicts: readonly ConflictVector[];
};

const NAME = "witness.example/w1";
const SEED = new Uint8Array(32).fill(9);
const TIME_S = 1_800_000_000;
const log = signedLog(20);
const fork = signedLog(20, { forkAt: 5, history: " of another history" });
const stranger = signedLog(20, { seed: 2 });
const elsewhere = signedLog(20, { origin: "log.example/b" });

function requestOf(
  from: SignedLog,
  oldSize: number,
  size: number,
  {
    path = from.pathOf(oldSize, size),
    note = from.noteAt(size),
  }: { path?: readonly Uint8Array[]; note?: Note } = {},
): string {
  return textOf(encodeAddCheckpoint({ oldSize, path, note }));
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A note whose log signature has one bit turned. */
function spoiled(note: Note): Note {
  const signatures = note.signatures.map((one) => ({
    ...one,
    signature: one.signature.map((byte) => byte ^ 1),
  }));
  return { ...note, signatures };
}

/** Requests in their order: each meets what the ones before left. */
function requests(): readonly (readonly [about: string, request: string])[] {
  const good = requestOf(log, 6, 11);
  const cosigned = addSignatures(log.noteAt(11), [cosignText(log.noteAt(11).text, "other", SEED, 1)]);
  return [
    ["the size is not known: 0 is sent", requestOf(log, 3, 6)],
    ["the first one", requestOf(log, 0, 6)],
    ["an old size of another form", good.replace("old 6", "old 06")],
    ["no empty line before the checkpoint", good.replace("\n\nlog", "\nlog")],
    ["a hash that is cut", good.replace(/\n(.{43})=\n/, "\n$1\n")],
    [
      "64 hashes",
      requestOf(log, 6, 11, { path: [] }).replace("\n\n", `\n${`${"A".repeat(43)}=\n`.repeat(64)}\n`),
    ],
    ["a log that is not watched", requestOf(elsewhere, 0, 6)],
    ["a key that is not the log's", requestOf(stranger, 6, 11)],
    ["a signature that is not good", requestOf(log, 6, 11, { note: spoiled(log.noteAt(11)) })],
    ["an old size above the checkpoint's", requestOf(log, 9, 8, { path: [] })],
    ["an old size that is not the last one", requestOf(log, 4, 11)],
    ["an older checkpoint", requestOf(log, 4, 5)],
    ["the same size and another root", requestOf(fork, 6, 6)],
    ["another history", requestOf(fork, 6, 11)],
    ["no proof", requestOf(log, 6, 11, { path: [] })],
    ["a proof to another size", requestOf(log, 6, 11, { path: log.pathOf(6, 12) })],
    ["a proof where none may be", requestOf(log, 6, 6, { path: log.pathOf(6, 11) })],
    ["the same once more", requestOf(log, 6, 6)],
    ["one that continues, with a cosignature of somebody", requestOf(log, 6, 11, { note: cosigned })],
    ["one that continues, to a power of two", requestOf(log, 11, 16)],
    ["and on from a power of two", requestOf(log, 16, 20)],
  ];
}

/** Answers each request as a witness does that keeps what it cosigned last. */
export function answerAll(
  given: readonly Pick<ExchangeVector, "about" | "request" | "timeS">[],
  keysOf: (origin: string) => readonly VerifierKey[] | undefined,
): readonly ExchangeVector[] {
  const latest = new Map<string, TreeHead>();
  return given.map(({ about, request, timeS }) => {
    const asked = { about, request, timeS };
    const verdict = readSubmission(new TextEncoder().encode(request), keysOf);
    if (!verdict.ok) return { ...asked, status: verdict.status };
    const { head, note } = verdict.submission;
    const refusal = refuseSubmission(verdict.submission, latest.get(head.origin));
    if (refusal?.status === 409) return { ...asked, status: 409, size: refusal.size };
    if (refusal !== undefined) return { ...asked, status: refusal.status };
    latest.set(head.origin, head);
    return { ...asked, status: 200, lines: printSignatureLines([cosignText(note.text, NAME, SEED, timeS)]) };
  });
}

function conflictOf(
  about: string,
  a: SignedLog,
  oldSize: number,
  b: SignedLog,
  newSize: number,
): ConflictVector {
  const path = oldSize === newSize ? [] : b.pathOf(oldSize, newSize);
  const conflict = { keys: [log.key], cosigned: a.noteAt(oldSize), submitted: b.noteAt(newSize), path };
  return { about, verdict: judgeConflict(conflict), ...writeConflict(conflict) };
}

/** The file. */
export function makeWitnessVectors(): WitnessFile {
  const origin = log.key.name;
  const given = requests().map(([about, request], at) => ({ about, request, timeS: TIME_S + at }));
  const exchanges = answerAll(given, (name) => (name === origin ? [log.key] : undefined));
  const key = makeVerifierKey(NAME, SIGNATURE_TYPES.cosignature, publicKeyOf(SEED));
  const otherText = { text: `${log.noteAt(9).text}more\n`, signatures: [] };
  const unsigned = {
    ...otherText,
    signatures: [signText(otherText.text, origin, new Uint8Array(32).fill(2))],
  };
  const conflicts = [
    conflictOf("two roots of one size", log, 9, fork, 9),
    conflictOf("a larger tree that begins otherwise", log, 9, fork, 14),
    conflictOf("from a power of two", log, 8, fork, 14),
    conflictOf("two histories that are one up to there", log, 5, fork, 14),
    conflictOf("one history", log, 9, log, 14),
    conflictOf("a key that is not the log's", log, 9, stranger, 14),
  ];
  const made = { keys: [log.key], cosigned: log.noteAt(9), submitted: unsigned, path: [] };
  return {
    about: "What a witness of one log answers to requests in their order, and what conflicts show.",
    witness: { name: NAME, seed: "09".repeat(32), key: printVerifierKey(key) },
    logs: [{ origin, keys: [printVerifierKey(log.key)] }],
    exchanges,
    conflicts: [
      ...conflicts,
      { about: "signed by somebody else", verdict: judgeConflict(made), ...writeConflict(made) },
    ],
  };
}
