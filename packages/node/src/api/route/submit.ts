import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import type { TakeResult } from "../../engine/engine.ts";
import type { Admission, Arriving, Room } from "../admission.ts";
import { type Answer, answerJson, answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { EngineRefusesError } from "../forwarding-engine.ts";
import { makeProblem, problemOfRejection } from "../problem.ts";
import { readCborBody, readJsonBody, type SubmitBody } from "../submit-body.ts";
import { jsonResponse, problemResponses, refusalResponse } from "./responses.ts";

const JsonBody = Type.Object(
  {
    transactions: Type.Array(Type.String({ contentEncoding: "base64" }), {
      minItems: 1,
      description: "Signed transactions, spec 4.4.",
    }),
  },
  { additionalProperties: false },
);

/** `POST /v1/transactions`. */
export function submitRoutes(context: ApiContext, submissions: Admission): readonly ApiRoute[] {
  const { limits } = context;
  return [
    {
      method: "POST",
      path: "/v1/transactions",
      consumes: ["application/cbor", "application/json"],
      bodyTimeoutMs: limits.bodyTimeoutMs,
      admit: (request, body) => admit(context, submissions, request, body),
      schema: {
        operationId: "submit",
        tags: ["submit"],
        summary: "Takes signed transactions and answers when each is durable or refused",
        description:
          "Safe to repeat: a transaction that entered before is committed again, with its place of then. " +
          "With `prefer: respond-async` (RFC 7240) it does not wait for a network to decide: 202 where a transaction is " +
          "pending, which acknowledges nothing; who repeats it learns its place. " +
          "A request with a single transaction that is refused answers with the problem and its status.",
        body: {
          content: {
            "application/json": { schema: JsonBody },
            "application/cbor": { schema: {} },
          },
        },
        response: {
          200: jsonResponse("SubmitAnswer", "What became of each."),
          202: jsonResponse("SubmitAnswer", "What became of each as yet: some are pending."),
          ...problemResponses(
            "BODY_MALFORMED",
            "BODY_TOO_LARGE",
            "REQUEST_TIMEOUT",
            "UNSUPPORTED_MEDIA_TYPE",
            "OVERLOADED",
            "READ_ONLY",
          ),
          "4XX": refusalResponse(
            "What a single transaction was refused for: the names of spec 9, such as NOT_AUTHORISED.",
          ),
        },
      },
      answer: (request) => submit(context, request),
    },
  ];
}

/** Refuses before the body is read what could not be taken, and takes room for it otherwise. */
function admit(
  context: ApiContext,
  submissions: Admission,
  request: FastifyRequest,
  body: Arriving,
): Answer | Room {
  const { limits, engine } = context;
  const reason = engine.refusesBecause();
  if (reason !== null) return answerProblem(makeProblem("READ_ONLY", reason));
  const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
  const bytesMax = isJson ? limits.jsonBytesMax : limits.cborBytesMax;
  const declared = request.headers["content-length"];
  const bytes = declared === undefined ? bytesMax : Number(declared);
  if (bytes > bytesMax) {
    return answerProblem(
      makeProblem("BODY_TOO_LARGE", `a body of this type has at most ${bytesMax} bytes`, {
        field: "content-length",
        expected: `at most ${bytesMax}`,
        got: String(bytes),
        fix: "send fewer transactions at once",
      }),
    );
  }
  const room = submissions.receive(bytes, body);
  if (room !== undefined) return room;
  return answerProblem(makeProblem("OVERLOADED", "too many submissions are waiting; try again shortly"));
}

async function submit(context: ApiContext, request: FastifyRequest): Promise<Answer> {
  const { limits, engine } = context;
  const read = readBody(request.body, limits.transactionsMax);
  if (!read.ok) {
    const { field, expected, got } = read;
    return answerProblem(
      makeProblem("BODY_MALFORMED", `${field}: expected ${expected}`, { field, expected, got }),
    );
  }
  const mayAnswerEarly = prefersEarlyAnswer(request.headers["prefer"]);
  const results = await submitTo(mayAnswerEarly ? engine.take : engine.submit, read.transactions);
  if ("readOnlyBecause" in results) return answerProblem(makeProblem("READ_ONLY", results.readOnlyBecause));
  const [only] = results;
  if (results.length === 1 && only !== undefined && !only.outcome.ok) {
    return answerProblem(problemOfRejection(only.outcome.rejection));
  }
  // Following each block to its state is for those who read it: it takes as long as answering a submission does.
  const checkpoint = context.reader.newest();
  const isPending = results.some(({ outcome }) => outcome.ok && outcome.value === null);
  const json = { height: checkpoint.height, results: results.map(resultToJson) };
  return { ...answerJson(json, { checkpoint }), status: isPending ? 202 : 200 };
}

/** Submits. An engine in another process may tell only now that it takes nothing, which is no failure to answer. */
async function submitTo(
  submit: ApiContext["engine"]["take"],
  transactions: readonly Uint8Array[],
): Promise<readonly TakeResult[] | { readonly readOnlyBecause: string }> {
  try {
    return await submit(transactions);
  } catch (error) {
    if (error instanceof EngineRefusesError) return { readOnlyBecause: error.message };
    throw error;
  }
}

/** Whether one of the preferences is to be answered before all is done (RFC 7240, section 4.1). */
function prefersEarlyAnswer(prefer: string | string[] | undefined): boolean {
  const preferences = [prefer ?? []].flat().join(",").split(",");
  return preferences.some((preference) => preference.trim().toLowerCase() === "respond-async");
}

function readBody(body: unknown, most: number): SubmitBody {
  if (body instanceof Uint8Array) return readCborBody(body, most);
  return readJsonBody((body as Static<typeof JsonBody>).transactions, most);
}

function resultToJson({ id, outcome }: TakeResult): Json {
  const name = id === null ? null : bytesToHex(id);
  if (!outcome.ok) return { id: name, status: "refused", problem: problemOfRejection(outcome.rejection) };
  if (outcome.value === null) return { id: name, status: "pending" };
  const { height, index } = outcome.value;
  return { id: name, status: "committed", height, index };
}
