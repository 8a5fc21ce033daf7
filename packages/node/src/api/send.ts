import { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Answer, headersOf } from "./answer.ts";

/** Sends an answer, or that nothing changed to whoever has it already. */
export function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
  network: string,
): FastifyReply {
  const headers = headersOf(answer, network);
  for (let at = 0; at < headers.length; at += 2) reply.header(headers[at]!, headers[at + 1]!);
  // What is left of a body that was refused is not waited for.
  if (!request.raw.complete && request.headers["content-length"] !== "0" && hasBody(request)) {
    reply.header("connection", "close");
  }
  if (answer.etag !== undefined && matches(request.headers["if-none-match"], answer.etag)) {
    if (answer.body instanceof Readable) answer.body.destroy();
    return reply.code(304).removeHeader("content-type").send();
  }
  return reply.code(answer.status).send(answer.body);
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

/** Whether a list of tags names one, weakly compared. RFC 9110 §13.1.2. */
function matches(list: string | undefined, etag: string): boolean {
  if (list === undefined) return false;
  const plain = (tag: string): string => tag.trim().replace(/^W\//, "");
  return list.trim() === "*" || list.split(",").some((tag) => plain(tag) === plain(etag));
}
