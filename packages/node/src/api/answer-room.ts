import type { IncomingMessage, ServerResponse } from "node:http";
import type { Admission } from "./admission.ts";
import { type Answer, answerProblem } from "./answer.ts";
import { makeProblem } from "./problem.ts";

/** From how many bytes on an answer takes room. */
const LONG_ANSWER_BYTES = 65_536;
/** What a request and its answer take beside the bodies, in bytes: our estimate. */
const WAITING_BYTES = 16_384;

/**
 * Whether there is room for a request, which takes some where it waits for others on its connection; else the connection
 * is cut: who sends hundreds of requests at once and reads no answer is nobody to answer.
 */
export function admitRequest(
  answers: Admission,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  // A response that waits behind another has no socket yet.
  if (response.socket !== null) return true;
  const leave = answers.enter(WAITING_BYTES);
  if (leave === undefined) request.socket.destroy();
  else response.once("close", leave);
  return leave !== undefined;
}

/**
 * Whether there is room for an answer, which is then held until its client has taken it or is gone. A short one takes
 * none, but where it waits for others on its connection. Else clients that ask and do not read could have a server hold
 * as much as they like.
 */
export function findRoom(answers: Admission, response: ServerResponse, bodyBytes: number): boolean {
  const waits = response.socket === null || response.socket.writableNeedDrain;
  if ((bodyBytes < LONG_ANSWER_BYTES && !waits) || response.destroyed) return true;
  const leave = answers.enter(bodyBytes);
  if (leave === undefined) return false;
  response.once("close", leave);
  return true;
}

/** What is answered in place of an answer for which there is no room. */
export function answerNoRoom(): Answer {
  return answerProblem(makeProblem("OVERLOADED", "too many answers wait to be read; try again shortly"));
}
