import Type, { type Static } from "typebox";
import { answerProblem } from "../answer.ts";
import { answerProof } from "../code-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { problemOfCode } from "../problem.ts";
import { AS_OF_PARAMETERS, type AsOfQuery, CODE_IN_PATH, codeAfter, readAsOf } from "../schema/parameters.ts";
import { bytesResponse, problemResponses } from "./responses.ts";

/** Beginning of the path of a code's proof. */
export const PROOFS_PATH = "/v1/proofs/";

const Query = Type.Object(
  {
    delegations: Type.Optional(
      Type.Boolean({ description: "Show the prefixes above the code and their holders, too." }),
    ),
    network: Type.Optional(
      Type.Boolean({ description: "Let the proof show the network's entry, which names its genesis." }),
    ),
    ...AS_OF_PARAMETERS,
  },
  { additionalProperties: false },
);

/** `GET /v1/proofs/{code}`. */
export function proofRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: `${PROOFS_PATH}*`,
      rest: "code",
      schema: {
        operationId: "getProof",
        tags: ["resolve"],
        summary: "The proof of how a code stands, for checking without this server",
        description:
          "Answers 200 also for a code that was never issued, since the bundle proves just that, and for one that another network serves, which it proves too.",
        params: CODE_IN_PATH,
        querystring: Query,
        response: {
          200: bytesResponse("application/vnd.cityroot.proof", "A proof bundle, CBOR, spec 5.12."),
          ...problemResponses("CODE_MALFORMED", "PARAMETER_MALFORMED", "AS_OF_LATER"),
        },
      },
      answer: (request) => {
        const code = codeAfter(request.raw.url!, PROOFS_PATH);
        if (!code.ok) return answerProblem(problemOfCode(code.fault));
        const { delegations, network, ...moment } = request.query as Static<typeof Query>;
        const asked = readAsOf(moment as AsOfQuery);
        if ("problem" in asked) return answerProblem(asked.problem);
        return answerProof(context.view(), code.value, {
          ...(asked.asOf !== undefined && { asOf: asked.asOf }),
          ...(delegations !== undefined && { delegations }),
          ...(network !== undefined && { network }),
        });
      },
    },
  ];
}
