import type { Fault } from "@cityroot/codes/fault";
import { equalBytes } from "@cityroot/core/hex";
import { cosignText } from "@cityroot/core/log/cosignature";
import { addSignatures, encodeNote, printSignatureLines, type VerifierKey } from "@cityroot/core/log/note";
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
};

const TEXT = "text/plain; charset=utf-8";
const SIZE = "text/x.tlog.size";

type LogState = WatchedLog & { cosigned: Cosigned | undefined; queue: Promise<unknown>; waiting: number };

/** Opens the witness of a home; throws `RecordLostError` where it is not known what was cosigned last. Spec §8.5.6. */
export function openWitness(home: WitnessHome, { limits, logger, clock }: WitnessOptions): Witness {
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
    keysMax: Math.max(1, states.size),
    now: () => performance.now(),
  });
  let failure: string | null = null;

  const cosign = async (state: LogState, submission: Submission): Promise<WitnessAnswer> => {
    const { head, note } = submission;
    const { origin } = state;
    const refusal = refuseSubmission(submission, state.cosigned?.head);
    if (refusal !== undefined) {
      await keepConflict({ evidence, logger, timeMs: clock() }, state, submission, refusal);
      logger.info({ origin, status: refusal.status, old: submission.oldSize, size: head.size }, "refused");
      return answerRefusal(refusal);
    }
    const nowS = Math.floor(clock() / 1_000);
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
      // Counted behind the signature, so that nobody else can use up what a log may ask.
      if (!rate.take(state.origin))
        return refuse(429, "there are too many checkpoints of this log in a second");
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
  try {
    const file = await evidence.keep(origin, conflict, timeMs);
    if (file !== undefined) logConflict(logger, { origin, file, size: head.size });
  } catch (cause) {
    logger.error({ origin, err: cause }, "evidence against the log cannot be kept");
  }
}

function logConflict(
  logger: Logger,
  { origin, file, size }: { readonly origin: string; readonly file: string; readonly size: number },
): void {
  if (file.includes("-fork-")) logger.error({ origin, size, file }, "the log signed two histories");
  else logger.warn({ origin, size, file }, "the log's checkpoint came without a proof that holds");
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
