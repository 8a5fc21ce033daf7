import type { IncomingMessage, ServerResponse } from "node:http";
import type { Code } from "@cityroot/codes/ma/code";
import { canonicalValue } from "@cityroot/codes/systems/canonical-value";
import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import type { LegacyCode } from "@cityroot/core/state/alias";
import { type AliasQuestion, answerLegacy } from "./alias-answer.ts";
import { type Answer, answerProblem, headersOf, MEDIA } from "./answer.ts";
import { answerNoRoom, findRoom } from "./answer-room.ts";
import { answerCode, answerProof, type CodeQuestion } from "./code-answer.ts";
import type { ApiContext } from "./context.ts";
import { problemOfFailure } from "./failure.ts";
import type { HotRoute } from "./metrics.ts";
import { problemOfCode } from "./problem.ts";
import { ItemsMissingError, type View } from "./read/view.ts";
import { ALIASES_PATH, dayOf } from "./route/aliases.ts";
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

/** A question that is answered here, from its address and what media type it asks for. */
type Hot = {
  readonly route: HotRoute;
  /** How its addresses begin. */
  readonly path: string;
  /** The way to the answer, or undefined where the router has to judge the question. */
  readonly read: (url: string, accept: string | undefined) => Answering | undefined;
};
type Answering = (context: ApiContext, view: View) => Answer;

const HOT: readonly Hot[] = [
  {
    route: "/v1/proofs/*",
    path: PROOFS_PATH,
    read: (url) => {
      const question = questionOf(url);
      if (question === undefined || question.proof === true) return undefined;
      return ofCode(url, PROOFS_PATH, (_context, view, code) => answerProof(view, code, question));
    },
  },
  {
    route: "/v1/codes/*",
    path: CODES_PATH,
    read: (url) => {
      const question = questionOf(url);
      if (question === undefined) return undefined;
      return ofCode(url, CODES_PATH, (context, view, code) =>
        answerCode(view, context.clock(), code, question),
      );
    },
  },
  {
    route: "/v1/aliases",
    path: `${ALIASES_PATH}?`,
    read: (url, accept) => {
      const asked = legacyOf(url);
      const isProofAlone = accept === MEDIA.proof;
      if (asked === undefined || !(isProofAlone || accept === undefined || accept === "*/*"))
        return undefined;
      const { legacy, question } = asked;
      return (context, view) => {
        const nowMs = context.clock();
        const bytesMax = context.limits.partBytesMax;
        return answerLegacy(view, nowMs, legacy, { ...question, isProofAlone, day: dayOf(nowMs), bytesMax });
      };
    },
  },
];

function questionOf(url: string): CodeQuestion | undefined {
  const queryAt = url.indexOf("?");
  return QUESTIONS.get(queryAt < 0 ? "" : url.slice(queryAt));
}

function ofCode(
  url: string,
  path: string,
  answer: (context: ApiContext, view: View, code: Code) => Answer,
): Answering {
  return (context, view) => {
    const code = codeAfter(url, path);
    return code.ok ? answer(context, view, code.value) : answerProblem(problemOfCode(code.fault));
  };
}

/** A system and a value without anything to be decoded: most legacy codes. Then what the SDK asks for its proof, if anything. */
const LEGACY =
  /\?system=([a-z][a-z0-9-]{0,31})&value=([A-Za-z0-9._~-]{1,64})(&exact=true&authority=true&limit=1000)?$/;

/** The legacy code that an address asks for, and what of it, where it is one that this way takes. */
function legacyOf(
  url: string,
):
  | { readonly legacy: LegacyCode; readonly question: Pick<AliasQuestion, "limit" | "authority"> }
  | undefined {
  const [, system, given, isProven] = LEGACY.exec(url) ?? [];
  if (system === undefined || given === undefined) return undefined;
  const isExact = isProven !== undefined;
  const legacy = { system, value: isExact ? given : canonicalValue(system, given) };
  if (!checkNoPerson(legacy).ok) return undefined;
  return { legacy, question: isExact ? { limit: 1_000, authority: true } : {} };
}

/**
 * The questions that a resolver is asked most, answered without the router: a plain `GET` of a code, its proof, or what a legacy
 * code is claimed to be. The answers are made by the same functions from the same addresses, so that both ways give the same.
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
    const begun = performance.now();
    const answering = hot.read(url, request.headers.accept);
    const made = answering === undefined ? undefined : answerHot(context, answering);
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
function answerHot(context: ApiContext, answering: Answering): Answer | undefined {
  try {
    return answering(context, context.view());
  } catch (error) {
    if (error instanceof ItemsMissingError) return undefined;
    return answerProblem(problemOfFailure(error, context.logger));
  }
}
