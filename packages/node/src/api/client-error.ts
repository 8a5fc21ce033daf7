import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { answerProblem, headersOf } from "./answer.ts";
import { type ApiProblemName, makeProblem } from "./problem.ts";

const NAMES: { readonly [code: string]: readonly [ApiProblemName, string] } = {
  HPE_HEADER_OVERFLOW: ["HEAD_TOO_LARGE", "the head of the request is longer than is taken here"],
  ERR_HTTP_REQUEST_TIMEOUT: ["REQUEST_TIMEOUT", "the request did not arrive in time"],
};

/** Answers bytes that are no request, as far as the connection still allows, and ends it. */
export function answerClientError(
  error: Error & { readonly code?: string },
  socket: Socket,
  network: string,
): void {
  // Once something was written, an answer here could fall into the middle of another.
  if (!socket.writable || socket.bytesWritten > 0 || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const known = NAMES[error.code ?? ""] ?? (["REQUEST_MALFORMED", "the bytes are no HTTP request"] as const);
  const answer = answerProblem(makeProblem(...known));
  const body = answer.body as string;
  const headers = [
    ...headersOf(answer, network),
    "content-length",
    String(Buffer.byteLength(body)),
    "connection",
    "close",
  ];
  let head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n`;
  for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`;
  socket.end(`${head}\r\n${body}`);
}
