import type { Fault } from "@cityroot/codes/fault";
import { equalBytes } from "@cityroot/core/hex";
import type { Conflict } from "@cityroot/core/log/conflict";
import { cosignText } from "@cityroot/core/log/cosignature";
import {
  addSignatures,
  encodeNote,
  type NoteSignature,
  printSignatureLines,
  signaturesOf,
  type VerifierKey,
} from "@cityroot/core/log/note";
import {
  readSubmission,
  refuseSubmission,
  type Submission,
  type WitnessRefusal,
} from "@cityroot/core/log/witness";
import type { Logger } from "pino";
import { verifyNative } from "../signature/native-ed25519.ts";
import { type EvidenceFolder, openEvidence } from "./evidence.ts";
import { type Cosigned, originHashOf, readRecord, writeRecord } from "./log-record.ts";
import type { OwnLedger } from "./own-ledger.ts";
import { openRate } from "./rate.ts";
import type { WatchedLog } from "./witness-config.ts";
import type { WitnessHome } from "./witness-home.ts";
import type { WitnessLimits } from "./witness-limits.ts";

/** What a witness says to a request: an HTTP status, a media type and a body. */
export type WitnessAnswer = { readonly status: number; readonly type: string; readonly body: string };

/** How a log stands with a witness. */
export type WitnessedLog = WatchedLog & { readonly cosigned: Cosigned | undefined };

/** A witness, without its socket. One for each home at a time: the caller holds the home's lock. */
export type Witness = {
  readonly verifier: VerifierKey;
  /** Answers the body of an add-checkpoint request. C2SP tlog-witness. A 200 is on the disk before it is given. */
  readonly addCheckpoint: (bytes: Uint8Array) => Promise<WitnessAnswer>;
  /** The checkpoint cosigned last, with its signatures, of the log whose origin has this SHA-256 in hexadecimal. */
  readonly checkpointOf: (originHash: string) => Uint8Array | undefined;
  readonly logs: () => readonly WitnessedLog[];
  /** Forks of which evidence is kept. */
  readonly forks: () => number;
  /** Why nothing can be recorded at present, and so nothing cosigned; null when all is well. */
  readonly failsBecause: () => string | null;
  /** Waits until what was begun is on the disk. */
  readonly settle: () => Promise<void>;
};

/** What a witness works with. */
export type WitnessOptions = {
  readonly limits: WitnessLimits;
  readonly logger: Logger;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly clock: () => number;
  /** The ledger of one of the logs, where this witness is a node of its network. */
  readonly own?: OwnLedger;
};

const TEXT = "text/plain; charset=utf-8";
const SIZE = "text/x.tlog.size";
/** For how long the same checkpoint is answered with the same cosignature, in seconds: all nodes of a network ask. */
const SAME_FOR_S = 5;

type LogState = WatchedLog & { cosigned: Cosigned | undefined; queue: Promise<unknown>; waiting: number };

/** Opens the witness of a home; throws `RecordLostError` where it is not known what was cosigned last. Spec §8.5.6. */
export function openWitness(home: WitnessHome, { limits, logger, clock, own }: WitnessOptions): Witness {
  const { key, recordFolder } = home;
  const evidence = openEvidence(home.evidenceFolder, limits.evidenceMax);
  const states = new Map<string, LogState>();
  for (const log of home.config.logs) {
    const cosigned = readRecord(recordFolder, log.origin, key.verifier);
    states.set(log.origin, { ...log, cosigned, queue: Promise.resolve(), waiting: 0 });
  }
  const byHash = new Map([...states.values()].map((state) => [originHashOf(state.origin), state]));
  const rate = openRate({
    perSecond: limits.checkpointsPerSecond,
    keysMax: Math.max(1, home.config.logs.flatMap(({ keys }) => keys).length),
    now: () => performance.now(),
  });
  let failure: string | null = null;
  const notary = (): Notary => ({ evidence, logger, timeMs: clock() });

  const cosign = async (state: LogState, submission: Submission): Promise<WitnessAnswer> => {
    const { head, note } = submission;
    const { origin } = state;
    const refusal = refuseSubmission(submission, state.cosigned?.head);
    if (refusal !== undefined) {
      await keepConflict(notary(), state, submission, refusal);
      logger.info({ origin, status: refusal.status, old: submission.oldSize, size: head.size }, "refused");
      return answerRefusal(refusal);
    }
    const nowS = Math.floor(clock() / 1_000);
    const known = sameCosignature(state, submission, key.verifier, nowS);
    if (known !== undefined) return { status: 200, type: TEXT, body: printSignatureLines([known]) };
    // Only what goes on with the log is counted: what it signed before is public, and anyone may send that again.
    if (!rate.take(signerOf(submission)))
      return refuse(429, "there are too many checkpoints under this key of the log in a second");
    const timeS = Math.max(1, nowS, state.cosigned?.timeS ?? 0);
    if (timeS > nowS)
      logger.warn({ origin, behindS: timeS - nowS }, "the clock stands before the last cosignature");
    const signature = cosignText(note.text, key.name, key.seed, timeS);
    const cosigned: Cosigned = { head, note: addSignatures(note, [signature]), timeS };
    try {
      await writeRecord(recordFolder, cosigned);
    } catch (cause) {
      failure = (cause as Error).message;
      logger.error(
        { origin, size: head.size, err: cause },
        "the checkpoint cannot be recorded, and is not cosigned",
      );
      return refuse(503, "the witness cannot record the checkpoint at present");
    }
    failure = null;
    state.cosigned = cosigned;
    logger.info({ origin, status: 200, old: submission.oldSize, size: head.size, timeS }, "cosigned");
    return { status: 200, type: TEXT, body: printSignatureLines([signature]) };
  };

  return {
    verifier: key.verifier,
    addCheckpoint: async (bytes) => {
      const verdict = readSubmission(bytes, (origin) => states.get(origin)?.keys, verifyNative);
      if (!verdict.ok) {
        logger.debug({ status: verdict.status, ...("fault" in verdict && verdict.fault) }, "refused");
        return answerRefusal(verdict);
      }
      const { submission } = verdict;
      const state = states.get(submission.head.origin)!;
      const refusal = own === undefined ? undefined : await judgeOwn(notary(), own, submission);
      if (refusal !== undefined) return refusal;
      if (state.waiting >= limits.waitingMax)
        return refuse(503, "too many checkpoints of this log wait already");
      state.waiting += 1;
      const answer = state.queue.then(() => cosign(state, submission));
      state.queue = answer.catch(() => {}).finally(() => (state.waiting -= 1));
      return answer;
    },
    checkpointOf: (originHash) => {
      const cosigned = byHash.get(originHash)?.cosigned;
      return cosigned === undefined ? undefined : encodeNote(cosigned.note);
    },
    logs: () => [...states.values()].map(({ origin, keys, cosigned }) => ({ origin, keys, cosigned })),
    forks: evidence.forks,
    failsBecause: () => failure,
    settle: async () => {
      await Promise.all([...states.values()].map(({ queue }) => queue));
    },
  };
}

/** Refuses of an own ledger's log what does not stand there so. */
async function judgeOwn(
  notary: Notary,
  own: OwnLedger,
  submission: Submission,
): Promise<WitnessAnswer | undefined> {
  const { origin, size } = submission.head;
  if (own.origin !== origin) return undefined;
  const verdict = await own.judge(submission);
  if (verdict.kind === "same") return undefined;
  if (verdict.kind === "behind") return refuse(503, `the ledger of this witness has no ${size} leaves yet`);
  notary.logger.warn({ origin, size }, "a checkpoint differs from the own ledger, and is refused");
  if (verdict.conflict !== undefined) await keep(notary, origin, verdict.conflict);
  return refuse(422, `text: expected that of the ledger of this witness at size ${size}, got another`);
}

type Notary = { readonly evidence: EvidenceFolder; readonly logger: Logger; readonly timeMs: number };

/** Keeps what a refused checkpoint may show of its log: it was signed, and does not go with the one cosigned last. */
async function keepConflict(
  { evidence, logger, timeMs }: Notary,
  { origin, keys, cosigned }: LogState,
  { head, note, path }: Submission,
  { status }: WitnessRefusal,
): Promise<void> {
  if (cosigned === undefined || cosigned.head.size === 0) return;
  const isSameSize = head.size === cosigned.head.size;
  // From another size than the last one, a proof says nothing of the last one's root.
  if (status !== 422 && !(isSameSize && !equalBytes(head.root, cosigned.head.root))) return;
  const conflict = { keys, cosigned: cosigned.note, submitted: note, path: isSameSize ? [] : path };
  await keep({ evidence, logger, timeMs }, origin, conflict);
}

async function keep({ evidence, logger, timeMs }: Notary, origin: string, conflict: Conflict): Promise<void> {
  try {
    const file = await evidence.keep(origin, conflict, timeMs);
    if (file !== undefined) logConflict(logger, origin, file);
  } catch (cause) {
    logger.error({ origin, err: cause }, "evidence against the log cannot be kept");
  }
}

function logConflict(logger: Logger, origin: string, file: string): void {
  if (file.includes("-fork-")) logger.error({ origin, file }, "the log signed two histories");
  else logger.warn({ origin, file }, "the log's checkpoint came without a proof that holds");
}

/** Whose signature a submission came under: one key of a log uses up nothing of another's. */
function signerOf({ head, note }: Submission): string {
  const [signature] = note.signatures;
  return `${head.origin} ${signature!.name} ${signature!.keyId}`;
}

/** The cosignature that was given for the same checkpoint a moment ago, if any. */
function sameCosignature(
  { cosigned }: LogState,
  { note }: Submission,
  witness: VerifierKey,
  nowS: number,
): NoteSignature | undefined {
  if (cosigned === undefined || cosigned.note.text !== note.text) return undefined;
  if (Math.abs(nowS - cosigned.timeS) >= SAME_FOR_S) return undefined;
  return signaturesOf(cosigned.note, witness)[0];
}

function answerRefusal(refusal: WitnessRefusal): WitnessAnswer {
  return refusal.status === 409
    ? { status: 409, type: SIZE, body: `${refusal.size}\n` }
    : refuse(refusal.status, sentenceOf(refusal.fault));
}

function sentenceOf({ field, expected, got }: Fault): string {
  return `${field}: expected ${expected}, got ${got}`;
}

function refuse(status: number, sentence: string): WitnessAnswer {
  return { status, type: TEXT, body: `${sentence}\n` };
}
