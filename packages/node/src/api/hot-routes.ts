import type { IncomingMessage, ServerResponse } from "node:http";
import type { Code } from "@cityroot/codes/ma/code";
import { type Answer, answerProblem, headersOf } from "./answer.ts";
import { answerNoRoom, findRoom } from "./answer-room.ts";
import { answerCode, answerProof, type CodeQuestion } from "./code-answer.ts";
import type { ApiContext } from "./context.ts";
import { problemOfFailure } from "./failure.ts";
import type { HotRoute } from "./metrics.ts";
import { problemOfCode } from "./problem.ts";
import { ItemsMissingError, type View } from "./read/view.ts";
import { CODES_PATH } from "./route/codes.ts";
import { PROOFS_PATH } from "./route/proofs.ts";
import { codeAfter } from "./schema/parameters.ts";
import { sendTogether } from "./send-together.ts";

/** Answers a request if it is one that is answered before the router; says whether it did. */
export type HotHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Queries that are answered here. All others take the router's way, where their schema judges them. */
const QUESTIONS: ReadonlyMap<string, CodeQuestion> = new Map([
  ["", {}],
  ["?proof=true", { proof: true }],
  ["?delegations=true", { delegations: true }],
]);

type Hot = {
  readonly route: HotRoute;
  readonly path: string;
  readonly answer: (view: View, nowMs: number, code: Code, question: CodeQuestion) => Answer;
};

const HOT: readonly Hot[] = [
  {
    route: "/v1/proofs/*",
    path: PROOFS_PATH,
    answer: (view, _nowMs, code, question) => answerProof(view, code, question),
  },
  { route: "/v1/codes/*", path: CODES_PATH, answer: answerCode },
];

/**
 * The two questions that a resolver is asked most, answered without the router: a plain `GET` of a code or its proof. The
 * answers are made by the same functions from the same addresses, so that both ways give the same.
 */
export function hotHandler(context: ApiContext): HotHandler {
  const network = context.reader.network.id;
  const send = sendTogether();
  return (request, response) => {
    const { url = "" } = request;
    const hot = HOT.find(({ path }) => url.startsWith(path));
    if (hot === undefined || request.method !== "GET") return false;
    if (request.headers["if-none-match"] !== undefined || url.length > context.limits.urlCharactersMax)
      return false;
    const queryAt = url.indexOf("?");
    const question = QUESTIONS.get(queryAt < 0 ? "" : url.slice(queryAt));
    if (question === undefined || (question.proof === true && hot.path === PROOFS_PATH)) return false;
    const begun = performance.now();
    const made = answerHot(context, hot, url, question);
    if (made === undefined) return false;
    let answer = made;
    let body = byteTextOf(answer.body as string | Uint8Array);
    if (!findRoom(context.answers, response, body.length)) {
      answer = answerNoRoom();
      body = byteTextOf(answer.body as string);
    }
    const headers = headersOf(answer, network);
    headers.push("content-length", String(body.length));
    send(() => {
      response.writeHead(answer.status, headers);
      response.end(body, "latin1");
    });
    context.metrics.observeHot(hot.route, answer.status, (performance.now() - begun) / 1_000);
    return true;
  };
}

/**
 * Bytes as text, one character for each: head and body then leave in one write of bytes as they are, which takes half
 * the time of text that has to be encoded, or of two writes.
 */
function byteTextOf(body: string | Uint8Array): string {
  const bytes =
    typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length);
  return bytes.toString("latin1");
}

/** The answer; undefined where items may have to be brought first, which the router waits for. */
function answerHot(context: ApiContext, hot: Hot, url: string, question: CodeQuestion): Answer | undefined {
  try {
    const code = codeAfter(url, hot.path);
    if (!code.ok) return answerProblem(problemOfCode(code.fault));
    return hot.answer(context.view(), context.clock(), code.value, question);
  } catch (error) {
    if (error instanceof ItemsMissingError) return undefined;
    return answerProblem(problemOfFailure(error, context.logger));
  }
}
