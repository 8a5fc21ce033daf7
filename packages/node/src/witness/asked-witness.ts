import type { Note, NoteSignature, VerifierKey } from "@cityroot/core/log/note";
import { signaturesOf } from "@cityroot/core/log/note";
import type { Logger } from "pino";
import type { StoredLog } from "../log/stored-log.ts";
import { verifyNative } from "../signature/native-ed25519.ts";
import {
  type AskedWitness,
  requestCosignatures,
  type WitnessFailure,
  type WitnessOutcome,
} from "./request-cosignatures.ts";
import type { WitnessFigures } from "./witness-figures.ts";

/** A witness that a node asks: its key, its address, or how it is asked in this process. */
export type WitnessToAsk = Omit<AskedWitness, "knownSize">;

/** One witness, and what is remembered of it. It is asked one thing at a time. */
export type AskedOne = {
  readonly key: VerifierKey;
  readonly isBusy: () => boolean;
  /** Takes note of a size that it is known to have cosigned. */
  readonly remember: (size: number) => void;
  /** Asks for a cosignature of a checkpoint of so many leaves; undefined for none. Never throws. */
  readonly ask: (note: Note, size: number, signal: AbortSignal) => Promise<NoteSignature | undefined>;
  readonly figures: () => WitnessFigures;
};

/** What asking takes. */
export type AskingParts = {
  readonly log: StoredLog;
  /** The key of the log with which this node signs. */
  readonly logKey: VerifierKey;
  readonly logger: Logger;
};

/** Makes what asks a witness. */
export function openAskedWitness(witness: WitnessToAsk, { log, logKey, logger }: AskingParts): AskedOne {
  const { key } = witness;
  const { name } = key;
  const failures: { [reason: string]: number } = {};
  let known = 0;
  let cosignatures = 0;
  let isBusy = false;
  /** Other nodes ask it for the same checkpoints, and were quicker the last time: it has the size already. */
  let isShared = false;
  let lastFailure: WitnessFailure | undefined;
  const takeNote = (outcome: WitnessOutcome, guess: number, size: number): void => {
    if (outcome.size !== undefined) known = Math.min(outcome.size, size);
    if (outcome.ok) {
      cosignatures += 1;
      if (outcome.told !== undefined) isShared = guess < size && outcome.told === size;
      if (lastFailure !== undefined) logger.info({ witness: name }, "the witness cosigns again");
      lastFailure = undefined;
      return;
    }
    const { failure, detail } = outcome;
    failures[failure] = (failures[failure] ?? 0) + 1;
    // What goes on as it was is in the figures.
    if (failure !== lastFailure)
      logger.warn({ witness: name, failure, detail }, "the witness gave no cosignature");
    lastFailure = failure;
  };
  return {
    key,
    isBusy: () => isBusy,
    remember: (size) => {
      known = size;
    },
    ask: async (note, size, signal) => {
      isBusy = true;
      const guess = isShared ? size : known;
      try {
        const { note: cosigned, outcomes } = await requestCosignatures({
          ...{ note, logKey, signal, prove: log.prove, verify: verifyNative },
          witnesses: [{ ...witness, knownSize: guess }],
        });
        if (!signal.aborted) takeNote(outcomes[0]!, guess, size);
        return outcomes[0]!.ok ? signaturesOf(cosigned, key)[0] : undefined;
      } catch (cause) {
        logger.error({ witness: name, err: cause }, "the witness could not be asked");
        return undefined;
      } finally {
        isBusy = false;
      }
    },
    figures: () => ({ name, size: known, cosignatures, failures: { ...failures } }),
  };
}
