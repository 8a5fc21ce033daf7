import type { IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import Type, { type Static } from "typebox";
import { NoRoomError } from "../../payload/disk-room.ts";
import { type Admission, type Arriving, openAdmission } from "../admission.ts";
import { type Answer, answerJson, answerProblem, MEDIA } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem, problemOfRejection } from "../problem.ts";
import { bytesResponse, jsonResponse, problemResponses, refusalResponse } from "./responses.ts";

const Params = Type.Object({
  digest: Type.String({ pattern: "^[0-9a-fA-F]{64}$", description: "SHA-256 of the payload." }),
});

/** `PUT /v1/payloads` and `GET /v1/payloads/{digest}`. */
export function payloadRoutes(context: ApiContext, uploads: Admission): readonly ApiRoute[] {
  const { payloads, limits } = context;
  const downloads = openAdmission(limits.downloadsMax, Number.POSITIVE_INFINITY);
  return [
    {
      method: "PUT",
      path: "/v1/payloads",
      consumes: [MEDIA.items],
      admit: (request, body) => {
        if (Number(request.headers["content-length"] ?? 0) > limits.payloadBytesMax) {
          return answerProblem(tooLarge(limits.payloadBytesMax));
        }
        const room = uploads.receive(0, body);
        if (room !== undefined) return room;
        return answerProblem(makeProblem("OVERLOADED", "too many payloads are being received"));
      },
      schema: {
        operationId: "putPayload",
        tags: ["submit"],
        summary: "Stores the items of a batch, before the batch is issued",
        description:
          "Each item with a four-byte big-endian length before it, in order of code. Repeating is harmless.",
        body: { content: { [MEDIA.items]: { schema: {} } } },
        response: {
          201: jsonResponse("PayloadAnswer", "Stored: what an `issue-batch` says of it."),
          ...problemResponses("BODY_MALFORMED", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "OVERLOADED"),
          "4XX": refusalResponse(
            "What an item was refused for: the names of spec 9, such as CODE_MALFORMED.",
          ),
        },
      },
      answer: (request) => storePayload(context, request.body as IncomingMessage),
    },
    {
      method: "GET",
      path: "/v1/payloads/:digest",
      schema: {
        operationId: "getPayload",
        tags: ["resolve"],
        summary: "The items of a batch, as they were stored",
        params: Params,
        response: {
          200: bytesResponse(MEDIA.items, "The payload. It never changes."),
          ...problemResponses("PARAMETER_MALFORMED", "NOT_FOUND"),
        },
      },
      answer: async (request) => {
        const { digest } = request.params as Static<typeof Params>;
        const read = await payloads.read(hexToBytes(digest)!);
        if (read === undefined) {
          return answerProblem(makeProblem("NOT_FOUND", `the payload ${digest} is not on this machine`));
        }
        const { bytes, sizeBytes } = read;
        const room = downloads.receive(0, takenBody(request.raw, bytes));
        if (room === undefined) {
          bytes.destroy();
          return answerProblem(makeProblem("OVERLOADED", "too many payloads are being sent"));
        }
        bytes.once("close", room.leave);
        const headers = { "content-length": `${sizeBytes}` };
        return { status: 200, type: MEDIA.items, body: bytes, caching: "forever", headers };
      },
    },
  ];
}

/** How a payload is taken by its client; where others wait and it takes it slowly, it gets no more. */
function takenBody({ socket }: IncomingMessage, bytes: Readable): Arriving {
  const before = socket.bytesWritten;
  return {
    received: () => socket.bytesWritten - before - socket.writableLength,
    giveUp: () => {
      bytes.destroy();
      socket.destroy();
    },
  };
}

async function storePayload({ payloads, limits }: ApiContext, body: IncomingMessage): Promise<Answer> {
  const bounded = boundStream(limits.payloadBytesMax);
  // Until the store begins to read, nobody else listens: and what nobody hears of ends the process.
  bounded.on("error", () => {});
  body.on("error", (error) => bounded.destroy(error));
  body.on("aborted", () => bounded.destroy(new Error("the client broke off")));
  let stored: Awaited<ReturnType<typeof payloads.put>>;
  try {
    stored = await payloads.put(body.pipe(bounded));
  } catch (error) {
    if (bounded.errored instanceof TooLargeError) return answerProblem(tooLarge(limits.payloadBytesMax));
    if (error instanceof NoRoomError)
      return answerProblem(makeProblem("OVERLOADED", "the disk has no room for more payloads at present"));
    throw error;
  }
  if (!stored.ok) return answerProblem(problemOfRejection(stored.rejection));
  const { digest, sizeBytes, root, count, first, last } = stored.value;
  const answer = answerJson({
    digest: bytesToHex(digest),
    sizeBytes,
    root: bytesToHex(root),
    count,
    first,
    last,
  });
  return { ...answer, status: 201, headers: { location: `/v1/payloads/${bytesToHex(digest)}` } };
}

class TooLargeError extends Error {
  override readonly name = "TooLargeError";
}

function tooLarge(bytesMax: number): ReturnType<typeof makeProblem> {
  return makeProblem("BODY_TOO_LARGE", `a payload has at most ${bytesMax} bytes`);
}

/** Passes a stream on until it grows too long. */
function boundStream(bytesMax: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.length;
      if (bytes > bytesMax) done(new TooLargeError("the payload is too large"));
      else done(null, chunk);
    },
  });
}
