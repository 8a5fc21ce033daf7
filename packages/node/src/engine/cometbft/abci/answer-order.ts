import { joinFrames } from "./framing.ts";

/** The place of an answer among the others, from when its request came. */
export type AnswerPlace = {
  /** Gives the answer, encoded; once. After one that `isLast` no other is written. */
  readonly fill: (message: Uint8Array, isLast?: boolean) => void;
};

/** Brings answers that come in any order into that of their requests. */
export type AnswerOrder = {
  /** Takes the next place, for a request of so many bytes. */
  readonly take: (requestBytes: number) => AnswerPlace;
  /** How many requests wait for their answer to be written, and how many bytes they have together. */
  readonly waiting: () => { readonly requests: number; readonly bytes: number };
  /** Writes what is ready now, and not when this turn of events ends. */
  readonly writeReady: () => void;
};

type Place = { readonly requestBytes: number; message: Uint8Array | undefined; isLast: boolean };

/** Gives `write` the frames that can be written, those that became ready in one turn of events in one piece. */
export function orderAnswers(write: (frames: Buffer, isLast: boolean) => void): AnswerOrder {
  const places: Place[] = [];
  let bytes = 0;
  let isScheduled = false;
  let hasEnded = false;

  const writeReady = (): void => {
    isScheduled = false;
    if (hasEnded) return;
    const messages: Uint8Array[] = [];
    for (const { message, requestBytes, isLast } of places) {
      if (message === undefined) break;
      messages.push(message);
      bytes -= requestBytes;
      hasEnded = isLast;
      if (isLast) break;
    }
    if (messages.length === 0) return;
    places.splice(0, messages.length);
    write(joinFrames(messages), hasEnded);
  };

  return {
    take: (requestBytes) => {
      const place: Place = { requestBytes, message: undefined, isLast: false };
      places.push(place);
      bytes += requestBytes;
      return {
        fill: (message, isLast = false) => {
          place.message = message;
          place.isLast = isLast;
          // What is behind one that is missing is written with it.
          if (isScheduled || places[0]?.message === undefined) return;
          isScheduled = true;
          setImmediate(writeReady);
        },
      };
    },
    waiting: () => ({ requests: places.length, bytes }),
    writeReady,
  };
}
