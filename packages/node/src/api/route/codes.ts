import Type, { type Static } from "typebox";
import { answerProblem } from "../answer.ts";
import { answerCode } from "../code-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { problemOfCode } from "../problem.ts";
import { AS_OF_PARAMETERS, type AsOfQuery, CODE_IN_PATH, codeAfter, readAsOf } from "../schema/parameters.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

/** Beginning of the path of a code's answer. */
export const CODES_PATH = "/v1/codes/";

const Query = Type.Object(
  {
    proof: Type.Optional(
      Type.Boolean({ description: "Add the proof, to the answer and to a problem that it proves." }),
    ),
    delegations: Type.Optional(
      Type.Boolean({ description: "Let the proof show the prefixes above the code and their holders." }),
    ),
    network: Type.Optional(
      Type.Boolean({ description: "Let the proof show the network's entry, which names its genesis." }),
    ),
    ...AS_OF_PARAMETERS,
  },
  { additionalProperties: false },
);

/** `GET /v1/codes/{code}`. */
export function codeRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: `${CODES_PATH}*`,
      rest: "code",
      schema: {
        operationId: "getCode",
        tags: ["resolve"],
        summary: "What the ledger says of a code",
        description:
          "Retired codes answer 200 with their status; `GET /{code}` answers 410 for them. A code below a prefix that another network serves is answered with that network's id, genesis, endpoints and policy in `referral`: nothing is fetched from there, and nothing is said of the code.",
        params: CODE_IN_PATH,
        querystring: Query,
        response: {
          200: jsonResponse("CodeAnswer", "The code was issued."),
          ...problemResponses(
            "CODE_MALFORMED",
            "PARAMETER_MALFORMED",
            "AS_OF_LATER",
            "CODE_NEVER_ISSUED",
            "NOT_YET_ISSUED",
            "SERVED_ELSEWHERE",
          ),
        },
      },
      answer: (request) => {
        const code = codeAfter(request.raw.url!, CODES_PATH);
        if (!code.ok) return answerProblem(problemOfCode(code.fault));
        const { proof, delegations, network, ...moment } = request.query as Static<typeof Query>;
        const asked = readAsOf(moment as AsOfQuery);
        if ("problem" in asked) return answerProblem(asked.problem);
        return answerCode(context.view(), context.clock(), code.value, {
          ...(asked.asOf !== undefined && { asOf: asked.asOf }),
          ...(proof !== undefined && { proof }),
          ...(delegations !== undefined && { delegations }),
          ...(network !== undefined && { network }),
        });
      },
    },
  ];
}
