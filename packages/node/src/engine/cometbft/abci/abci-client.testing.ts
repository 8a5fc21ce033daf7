import { connect } from "node:net";
import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  RequestSchema,
  type Response,
  ResponseSchema,
} from "../../../../generated/tendermint/abci/types_pb.js";
import { frameCutter, joinFrames } from "./framing.ts";

/** A request of ABCI, by its name. */
export type AskedRequest = NonNullable<MessageInitShape<typeof RequestSchema>["value"]>;

/** What asks as CometBFT does: requests go out as they come, answers come back in their order. */
export type AbciClient = {
  /** Sends requests in one write. Each promise settles with its answer, or rejects when the connection ends before. */
  readonly ask: (...requests: readonly AskedRequest[]) => readonly Promise<Response["value"]>[];
  /** Sends bytes as they are. */
  readonly sendBytes: (bytes: Uint8Array) => void;
  /** Reads no more, until it is told to. */
  readonly stopReading: () => void;
  readonly readAgain: () => void;
  /** How many bytes it could not hand to the system yet. */
  readonly unsentBytes: () => number;
  readonly close: () => void;
  /** Settles when the connection is closed. */
  readonly closed: Promise<void>;
};

/** Connects to a server. */
export async function connectAbci(socketPath: string): Promise<AbciClient> {
  const socket = connect(socketPath);
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const cutter = frameCutter(2 ** 31);
  const waiting: PromiseWithResolvers<Response["value"]>[] = [];
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    for (const frame of cutter.push(chunk)) {
      const asked = waiting.shift();
      if (asked === undefined) throw new Error("an answer came that nobody asked for");
      asked.resolve(fromBinary(ResponseSchema, frame).value);
    }
  });
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      for (const { reject } of waiting.splice(0)) reject(new Error("the connection ended before the answer"));
      resolve();
    });
  });
  return {
    ask: (...requests) => {
      const asked = requests.map(() => Promise.withResolvers<Response["value"]>());
      // Who is interested in some of the answers is not to fail for the others.
      for (const { promise } of asked) promise.catch(() => {});
      waiting.push(...asked);
      socket.write(
        joinFrames(requests.map((value) => toBinary(RequestSchema, create(RequestSchema, { value })))),
      );
      return asked.map(({ promise }) => promise);
    },
    sendBytes: (bytes) => socket.write(bytes),
    stopReading: () => socket.pause(),
    readAgain: () => socket.resume(),
    unsentBytes: () => socket.writableLength,
    close: () => socket.destroy(),
    closed,
  };
}
