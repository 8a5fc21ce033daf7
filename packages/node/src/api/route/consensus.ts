import type { FastifyRequest } from "fastify";
import Type from "typebox";
import {
  CONSENSUS_METHODS,
  type ConsensusAnswer,
  readConsensusQuestion,
} from "../../engine/consensus-question.ts";
import { type Admission, type Arriving, openAdmission, type Room } from "../admission.ts";
import { type Answer, answerJson, answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { problemResponses } from "./responses.ts";

/** Longest question, in bytes. */
const QUESTION_BYTES_MAX = 4_096;

const Body = Type.Object(
  {
    jsonrpc: Type.Literal("2.0"),
    id: Type.Union([Type.Integer(), Type.String({ maxLength: 64 })]),
    method: Type.String({ maxLength: 64, description: `One of ${CONSENSUS_METHODS.join(", ")}.` }),
    params: Type.Optional(Type.Object({}, { additionalProperties: true })),
  },
  { additionalProperties: false },
);
const Answered = Type.Object(
  { jsonrpc: Type.Literal("2.0"), id: Type.Union([Type.Integer(), Type.String()]) },
  { additionalProperties: true },
);

/** `POST /v1/consensus`. */
export function consensusRoutes(context: ApiContext): readonly ApiRoute[] {
  const room = openAdmission(context.limits.consensusQuestionsMax, Number.POSITIVE_INFINITY);
  return [
    {
      method: "POST",
      path: "/v1/consensus",
      consumes: ["application/json"],
      bodyTimeoutMs: context.limits.bodyTimeoutMs,
      admit: (request, body) => admit(room, request, body),
      schema: {
        operationId: "askConsensus",
        tags: ["registry"],
        summary:
          "What a light client of the network's consensus asks: signed headers, validators, parameters",
        description:
          "JSON-RPC 2.0 as CometBFT answers it, and of its methods these three alone. A node that joins by a " +
          "snapshot names this address of two or more nodes.",
        body: { content: { "application/json": { schema: Body } } },
        response: {
          200: {
            description: "A result, or an error of JSON-RPC.",
            content: { "application/json": { schema: Answered } },
          },
          ...problemResponses("BODY_MALFORMED", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "NOT_FOUND"),
        },
      },
      answer: (request) => ask(context, request),
    },
  ];
}

function admit(room: Admission, request: FastifyRequest, body: Arriving): Answer | Room {
  const bytes = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY);
  if (!(bytes <= QUESTION_BYTES_MAX)) {
    return answerProblem(
      makeProblem("BODY_TOO_LARGE", `a question has at most ${QUESTION_BYTES_MAX} bytes, and says how many`, {
        field: "content-length",
        expected: `at most ${QUESTION_BYTES_MAX}`,
        got: request.headers["content-length"] ?? "none",
      }),
    );
  }
  return (
    room.receive(bytes, body) ??
    answerProblem(makeProblem("OVERLOADED", "too many questions are with the consensus"))
  );
}

async function ask({ engine }: ApiContext, request: FastifyRequest): Promise<Answer> {
  const { id, method } = request.body as { readonly id: number | string; readonly method: string };
  const question = readConsensusQuestion(request.body);
  if (question === undefined) {
    const expected = `one of ${CONSENSUS_METHODS.join(", ")}, with numbers for height, page and per_page`;
    const fault = { field: "method", expected, got: method.slice(0, 80) };
    return answerProblem(makeProblem("BODY_MALFORMED", `method: expected ${expected}`, fault));
  }
  let answer: ConsensusAnswer | undefined;
  try {
    answer = await engine.askConsensus?.(question);
  } catch (cause) {
    return answerProblem(makeProblem("UNAVAILABLE", (cause as Error).message));
  }
  if (answer === undefined) return answerProblem(makeProblem("NOT_FOUND", "this node decides alone"));
  return answerJson({ jsonrpc: "2.0", id, ...answer } as Parameters<typeof answerJson>[0]);
}
