import { rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type Request,
  RequestSchema,
  ResponseSchema,
} from "../../../../generated/tendermint/abci/types_pb.js";
import type { AbciApplication } from "./application.ts";
import { FrameError, frameCutter, frameOf } from "./framing.ts";

/** How an application is served. */
export type AbciServerOptions = {
  readonly application: AbciApplication;
  /** Path of the unix socket; a file that an earlier process left there is taken away. */
  readonly socketPath: string;
  /** Is told once when the application threw: its state is not to be trusted any more. */
  readonly onFailure: (cause: unknown) => void;
  /** Most bytes of a request: a block with what surrounds it. */
  readonly requestBytesMax?: number;
};

export type AbciServer = { readonly close: () => Promise<void> };

const REQUEST_BYTES_MAX = 64 * 1024 * 1024;
/** CometBFT opens four connections, and four more when it is started again before the old ones are gone. */
const CONNECTIONS_MAX = 16;
/** How many requests of a connection may be under way before no more are read. */
const PENDING_MAX = 10_000;

/**
 * Serves an application to the CometBFT process of this machine: the socket opens for this user alone. Answers go out in
 * the order of their requests, and those of one turn of events in one write.
 */
export async function serveAbci(options: AbciServerOptions): Promise<AbciServer> {
  const { socketPath } = options;
  rmSync(socketPath, { force: true });
  const sockets = new Set<Socket>();
  let hasFailed = false;
  const onFailure = (cause: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    options.onFailure(cause);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serveConnection(socket, { ...options, onFailure });
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, socketPath);
  await chmod(socketPath, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
}

/** What an answer holds. */
type Answer = NonNullable<MessageInitShape<typeof ResponseSchema>["value"]>;

/** An answer that has its place in the order, once it is there. */
type Slot = { bytes: Buffer | undefined };

function serveConnection(
  socket: Socket,
  { application, onFailure, requestBytesMax = REQUEST_BYTES_MAX }: AbciServerOptions,
): void {
  const cutter = frameCutter(requestBytesMax);
  const slots: Slot[] = [];
  let isSending = false;
  /** Settles when the requests that have to wait for each other are answered. */
  let turn: Promise<void> = Promise.resolve();

  const send = (): void => {
    isSending = false;
    if (socket.destroyed) return;
    let ready = 0;
    while (ready < slots.length && slots[ready]!.bytes !== undefined) ready += 1;
    if (ready === 0) return;
    socket.write(Buffer.concat(slots.splice(0, ready).map(({ bytes }) => bytes!)));
    if (socket.isPaused() && slots.length < PENDING_MAX && !socket.writableNeedDrain) socket.resume();
  };
  const fill = (slot: Slot, value: Answer): void => {
    slot.bytes = frameOf(toBinary(ResponseSchema, create(ResponseSchema, { value })));
    if (isSending) return;
    isSending = true;
    setImmediate(send);
  };
  const fail = (slot: Slot, cause: unknown): void => {
    const error = cause instanceof Error ? cause.message : String(cause);
    fill(slot, { case: "exception", value: { error } });
    onFailure(cause);
  };
  const take = (request: Request["value"]): void => {
    const slot: Slot = { bytes: undefined };
    slots.push(slot);
    const answer = async (): Promise<void> => {
      try {
        fill(slot, await answerOf(application, request));
      } catch (cause) {
        fail(slot, cause);
      }
    };
    if (request.case === "checkTx" || request.case === "flush" || request.case === "echo") void answer();
    else turn = turn.then(answer);
  };

  socket.on("data", (chunk: Buffer) => {
    try {
      for (const frame of cutter.push(chunk)) take(fromBinary(RequestSchema, frame).value);
    } catch (cause) {
      // What is no request comes from no CometBFT: the connection ends, and nothing else does.
      socket.destroy(cause instanceof FrameError ? cause : undefined);
      return;
    }
    if (slots.length >= PENDING_MAX || socket.writableNeedDrain) socket.pause();
  });
  socket.on("drain", () => {
    if (slots.length < PENDING_MAX) socket.resume();
  });
  socket.on("error", () => socket.destroy());
}

/** The application's answer to a request. */
async function answerOf(application: AbciApplication, request: Request["value"]): Promise<Answer> {
  switch (request.case) {
    case "echo":
      return { case: "echo", value: { message: request.value.message } };
    case "flush":
      return { case: "flush", value: {} };
    case "info":
      return { case: "info", value: await application.info(request.value) };
    case "initChain":
      return { case: "initChain", value: await application.initChain(request.value) };
    case "checkTx":
      return { case: "checkTx", value: await application.checkTx(request.value) };
    case "prepareProposal":
      return { case: "prepareProposal", value: await application.prepareProposal(request.value) };
    case "processProposal":
      return { case: "processProposal", value: await application.processProposal(request.value) };
    case "finalizeBlock":
      return { case: "finalizeBlock", value: await application.finalizeBlock(request.value) };
    case "commit":
      return { case: "commit", value: await application.commit(request.value) };
    case "query":
      return { case: "query", value: await application.query(request.value) };
    case "listSnapshots":
      return { case: "listSnapshots", value: await application.listSnapshots(request.value) };
    case "offerSnapshot":
      return { case: "offerSnapshot", value: await application.offerSnapshot(request.value) };
    case "loadSnapshotChunk":
      return {
        case: "loadSnapshotChunk",
        value: await application.loadSnapshotChunk(request.value),
      };
    case "applySnapshotChunk":
      return {
        case: "applySnapshotChunk",
        value: await application.applySnapshotChunk(request.value),
      };
    default:
      throw new Error(
        `CometBFT asked for ${request.case ?? "nothing"}, which this application does not serve`,
      );
  }
}
