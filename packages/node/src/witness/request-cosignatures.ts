import { type Verify, verify as verifyEd25519 } from "@cityroot/core/key/ed25519";
import { encodeAddCheckpoint } from "@cityroot/core/log/add-checkpoint";
import { verifyCosignature } from "@cityroot/core/log/cosignature";
import {
  addSignatures,
  type Note,
  type NoteSignature,
  parseSignatureLines,
  signaturesOf,
  type VerifierKey,
} from "@cityroot/core/log/note";
import { parseDecimal, parseTreeHead } from "@cityroot/core/log/tree-head";
import { type PostAnswer, post } from "./post.ts";

// The log's side of C2SP tlog-witness. Spec §8.5.7.

/** A witness to ask. Its address comes from the operator's configuration; no other is ever asked. */
export type AskedWitness = {
  /** Verifier key of type 0x04. */
  readonly key: VerifierKey;
  /** Its submission prefix, http or https, such as `https://witness.example/w1`. */
  readonly url: string;
  /** Size that it is known to have cosigned last; 0 where nothing is known, which costs a round. */
  readonly knownSize: number;
  /** Asks it in place of HTTP: a witness in this process. */
  readonly ask?: (body: Uint8Array) => Promise<{ readonly status: number; readonly body: string }>;
};

/** What is asked for, of whom, and how. */
export type CosignaturesRequest = {
  /** A checkpoint that the log signed, with the cosignatures that it already has. */
  readonly note: Note;
  /** The log's key: only its signatures are sent. */
  readonly logKey: VerifierKey;
  readonly witnesses: readonly AskedWitness[];
  /** Hashes of the consistency proof (RFC 6962 §2.1.2) between two sizes of the log, neither above the checkpoint's. */
  readonly prove: (
    oldSize: number,
    newSize: number,
  ) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** How long each witness may take in all, in milliseconds. */
  readonly timeoutMs?: number;
  /** Ends the asking early; what came until then is kept. */
  readonly signal?: AbortSignal;
  readonly verify?: Verify;
};

/**
 * Why a witness gave no cosignature. `ahead`: it cosigned a larger size, so that this checkpoint is an old one or it was
 * shown another log. `busy`: it asks to come later (429, 503). `unproven`: the proof could not be made here.
 */
export type WitnessFailure =
  | "unreachable"
  | "timeout"
  | "busy"
  | "refused"
  | "ahead"
  | "malformed"
  | "signature-invalid"
  | "unproven";

/** What became of asking one witness. */
export type WitnessOutcome =
  | {
      readonly ok: true;
      readonly name: string;
      /** Size that it has cosigned last now: the checkpoint's. */
      readonly size: number;
      /** Size that it said to have cosigned before, where that was another than was known. */
      readonly told?: number;
      /** Time of its cosignature, in seconds since 1970-01-01T00:00Z, as it says. */
      readonly timeS: number;
    }
  | {
      readonly ok: false;
      readonly name: string;
      readonly failure: WitnessFailure;
      /** One sentence for a log, which may hold words of the witness's. */
      readonly detail: string;
      /** Size that it said to have cosigned last, where it said one. */
      readonly size?: number;
    };

/** The checkpoint with all cosignatures that it has now, and what became of each witness, in the order of the request. */
export type CosignaturesAnswer = { readonly note: Note; readonly outcomes: readonly WitnessOutcome[] };

/** How long each witness may take in all when nothing is said, in milliseconds. */
export const WITNESS_TIMEOUT_MS = 5_000;
/** Rounds with one witness: a size that was not known, and one that another sender of ours raised meanwhile. */
const ROUNDS_MAX = 3;
/** Longest answer that is read, in bytes: room for cosignatures of every type under many keys. */
const ANSWER_BYTES_MAX = 65_536;
const DETAIL_CHARACTERS_MAX = 200;

/**
 * Asks witnesses for cosignatures of a checkpoint, all at once, and takes those that hold. A witness that fails in
 * whatever way is an outcome; this throws only where the note is no checkpoint, which is a mistake of the caller's.
 */
export async function requestCosignatures(request: CosignaturesRequest): Promise<CosignaturesAnswer> {
  const head = parseTreeHead(request.note.text);
  if (!head.ok) throw new Error(`invariant broken: the note is no checkpoint (${head.fault.field})`);
  const { size } = head.value;
  const asked = await Promise.all(request.witnesses.map((witness) => askWitness(request, witness, size)));
  const signatures = asked.flatMap(({ signature }) => (signature === undefined ? [] : [signature]));
  return { note: addSignatures(request.note, signatures), outcomes: asked.map(({ outcome }) => outcome) };
}

type Asked = { readonly outcome: WitnessOutcome; readonly signature?: NoteSignature };

async function askWitness(request: CosignaturesRequest, witness: AskedWitness, size: number): Promise<Asked> {
  const { note, logKey, prove, timeoutMs = WITNESS_TIMEOUT_MS } = request;
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]);
  const own: Note = { text: note.text, signatures: signaturesOf(note, logKey) };
  const fail = (failure: WitnessFailure, detail: string, told?: number): Asked => ({
    outcome: {
      ok: false,
      name: witness.key.name,
      failure,
      detail: detail.trim().slice(0, DETAIL_CHARACTERS_MAX),
      ...(told !== undefined && { size: told }),
    },
  });
  let oldSize = Math.min(witness.knownSize, size);
  let told: number | undefined;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let body: Uint8Array;
    try {
      body = encodeAddCheckpoint({ oldSize, path: await prove(oldSize, size), note: own });
    } catch (cause) {
      return fail("unproven", `no proof from ${oldSize} to ${size}: ${(cause as Error).message}`, told);
    }
    const answer = await send(witness, body, signal);
    if (!answer.ok) return fail(limit.aborted ? "timeout" : answer.failure, answer.detail, told);
    const { status, text } = answer;
    if (status === 200)
      return (
        takeCosignature(request, witness.key, { text, size, told }) ?? fail(...refusalOf(text, witness), told)
      );
    if (status === 429 || status === 503) return fail("busy", `${status}: ${text}`, told);
    if (status !== 409) return fail("refused", `${status}: ${text}`, told);
    told = text.endsWith("\n") ? parseDecimal(text.slice(0, -1)) : undefined;
    if (told === undefined) return fail("malformed", `a 409 without a size: ${text}`);
    if (told > size) return fail("ahead", `it cosigned size ${told}, and this is ${size}`, told);
    if (told === oldSize) return fail("refused", `409 with the size ${told} that was sent`, told);
    oldSize = told;
  }
  return fail("refused", `its size changed in each of ${ROUNDS_MAX} rounds`, told);
}

async function send({ url, ask }: AskedWitness, body: Uint8Array, signal: AbortSignal): Promise<PostAnswer> {
  if (ask === undefined) {
    return post(`${url.replace(/\/$/, "")}/add-checkpoint`, body, { signal, bytesMax: ANSWER_BYTES_MAX });
  }
  const { status, body: text } = await ask(body);
  return { ok: true, status, text };
}

/** The newest of the witness's cosignatures, all of which have to hold; undefined for none. */
function takeCosignature(
  { note, verify = verifyEd25519 }: CosignaturesRequest,
  key: VerifierKey,
  { text, size, told }: { readonly text: string; readonly size: number; readonly told: number | undefined },
): Asked | undefined {
  const lines = parseSignatureLines(text);
  if (!lines.ok) return undefined;
  const found = signaturesOf({ text: note.text, signatures: lines.value }, key).map((signature) => ({
    signature,
    timeS: verifyCosignature(note.text, signature, key, verify),
  }));
  let newest: { readonly signature: NoteSignature; readonly timeS: number } | undefined;
  for (const { signature, timeS } of found) {
    if (timeS === undefined) return undefined;
    if (newest === undefined || timeS > newest.timeS) newest = { signature, timeS };
  }
  if (newest === undefined) return undefined;
  return {
    signature: newest.signature,
    outcome: {
      ok: true,
      name: key.name,
      size,
      timeS: newest.timeS,
      ...(told !== undefined && { told }),
    },
  };
}

/** Why an answer of 200 is no cosignature of the witness. */
function refusalOf(text: string, { key }: AskedWitness): [WitnessFailure, string] {
  const lines = parseSignatureLines(text);
  if (!lines.ok) return ["malformed", `its answer is no signature lines: ${lines.fault.field}`];
  const has = lines.value.some(({ name, keyId }) => name === key.name && keyId === key.keyId);
  return has
    ? ["signature-invalid", "its cosignature does not hold"]
    : ["malformed", "its answer has no cosignature under its name and key id"];
}
