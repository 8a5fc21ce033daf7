import type { Socket } from "node:net";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { RequestSchema, ResponseSchema } from "../../../../generated/tendermint/abci/types_pb.js";
import { type AnswerPlace, orderAnswers } from "./answer-order.ts";
import { type AnswerValue, answerRequest, type RequestValue } from "./answer-request.ts";
import type { AbciApplication } from "./application.ts";
import { frameCutter } from "./framing.ts";

/** How a connection is served. */
export type AbciConnectionOptions = {
  readonly application: AbciApplication;
  /** Runs one piece of work after the other, those of other connections too. The work does not throw. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  /** Is told what the application threw. */
  readonly onFailure: (cause: unknown) => void;
  /** Is told why the connection was cut: what came over it was not ABCI. */
  readonly onGarbage: (cause: Error) => void;
  /** Longest request, in bytes. No more is read while those that wait for their answer have so many together. */
  readonly requestBytesMax: number;
  /** No more is read while so many requests wait for their answer. */
  readonly requestsMax: number;
};

export type AbciConnection = {
  /** Begins no more requests; those that were begun are still answered, and then the connection ends. */
  readonly end: () => void;
  /** Settles when the connection is closed and no request that came over it is under way. */
  readonly ended: Promise<void>;
};

/** Requests that wait for no other of their connection. */
const OVERTAKING: ReadonlySet<RequestValue["case"]> = new Set(["checkTx", "echo", "flush"]);
/** Requests that touch what blocks are decided from: one after the other over all connections. */
const DECIDING: ReadonlySet<RequestValue["case"]> = new Set([
  ...(["info", "initChain", "prepareProposal", "processProposal", "finalizeBlock", "commit"] as const),
  ...(["extendVote", "verifyVoteExtension", "offerSnapshot", "applySnapshotChunk"] as const),
]);
const EXCEPTION_CHARACTERS_MAX = 4_096;

/** Answers the requests that come over a connection, in their order. */
export function serveConnection(socket: Socket, options: AbciConnectionOptions): AbciConnection {
  const { requestBytesMax, requestsMax } = options;
  const { promise: ended, resolve: settle } = Promise.withResolvers<void>();
  const cutter = frameCutter(requestBytesMax);
  /** How many requests were begun and are not answered. */
  let running = 0;
  /** What still comes is not looked at, and what was not begun is not begun. */
  let isEnding = false;
  /** Settles when the requests that wait for one another are answered. */
  let turn: Promise<void> = Promise.resolve();

  const answers = orderAnswers((frames, isLast) => {
    if (socket.destroyed || socket.writableEnded) return;
    socket.write(frames);
    if (isLast) socket.destroySoon();
    else readOrWait();
  });
  /** A peer that asks faster than it is answered, or does not take its answers, is not read from. */
  const readOrWait = (): void => {
    const { requests, bytes } = answers.waiting();
    const isFull = requests >= requestsMax || bytes >= requestBytesMax || socket.writableNeedDrain;
    if (isFull && !isEnding) socket.pause();
    else if (socket.isPaused()) socket.resume();
  };
  const end = (): void => {
    isEnding = true;
    readOrWait();
    if (running > 0) return;
    answers.writeReady();
    if (socket.closed) settle();
    else socket.destroySoon();
  };
  const answer = async (place: AnswerPlace, request: RequestValue): Promise<void> => {
    if (isEnding) return;
    running += 1;
    try {
      place.fill(encodeAnswer(await answerRequest(options.application, request)));
    } catch (cause) {
      isEnding = true;
      place.fill(encodeAnswer(exceptionOf(cause)), true);
      options.onFailure(cause);
    }
    running -= 1;
    if (isEnding) end();
  };
  const begin = (place: AnswerPlace, request: RequestValue): Promise<void> =>
    DECIDING.has(request.case) ? options.inTurn(() => answer(place, request)) : answer(place, request);

  socket.on("data", (chunk) => {
    if (isEnding) return;
    try {
      for (const frame of cutter.push(chunk)) {
        const request = decodeRequest(frame);
        const place = answers.take(frame.length);
        if (OVERTAKING.has(request.case)) void answer(place, request);
        else turn = turn.then(() => begin(place, request));
      }
      readOrWait();
    } catch (cause) {
      isEnding = true;
      socket.destroy();
      options.onGarbage(cause as Error);
    }
  });
  socket.on("drain", readOrWait);
  // What it says is that the peer is gone; "close" comes after it.
  socket.on("error", () => socket.destroy());
  socket.once("close", end);
  return { end, ended };
}

/** The request in a message. Throws for bytes that are none. */
function decodeRequest(frame: Uint8Array): RequestValue {
  const { value } = fromBinary(RequestSchema, frame);
  if (value.case === undefined)
    throw new Error("expected a request of ABCI 2.0, got a message of another kind");
  return value;
}

function encodeAnswer(value: AnswerValue): Uint8Array {
  return toBinary(ResponseSchema, create(ResponseSchema, { value }));
}

function exceptionOf(cause: unknown): AnswerValue {
  const message = cause instanceof Error ? cause.message : String(cause);
  return { case: "exception", value: { error: message.slice(0, EXCEPTION_CHARACTERS_MAX) } };
}
