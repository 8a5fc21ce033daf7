import { VALUE_CHARACTERS_MAX } from "@cityroot/codes/systems/coding-system";
import { identificationToJson } from "@cityroot/codes/systems/identification-json";
import { identifyValue } from "@cityroot/core/identify-value";
import type { Json } from "@cityroot/core/json";
import Type, { type Static } from "typebox";
import { answerJson, answerProblem } from "../answer.ts";
import type { ApiRoute } from "../context.ts";
import { problemOfRejection } from "../problem.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const Query = Type.Object(
  {
    value: Type.String({
      minLength: 1,
      maxLength: VALUE_CHARACTERS_MAX,
      description: "A text as it was scanned, typed or pasted.",
      examples: ["91350100M000100Y43"],
    }),
  },
  { additionalProperties: false },
);

/** `GET /v1/identify`. */
export function identifyRoutes(): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/identify",
      schema: {
        operationId: "identify",
        tags: ["resolve"],
        summary:
          "Which coding systems a text fits, what its parts mean, and whether its check characters agree",
        querystring: Query,
        response: {
          200: jsonResponse(
            "IdentifyAnswer",
            "Every system that the text fits, and those that it nearly fits.",
          ),
          ...problemResponses("PARAMETER_MALFORMED", "PERSONAL_NUMBER"),
        },
      },
      answer: (request) => {
        const { value } = request.query as Static<typeof Query>;
        const identified = identifyValue(value);
        if (!identified.ok) return answerProblem(problemOfRejection(identified.rejection));
        return answerJson(identificationToJson(identified.value) as unknown as Json);
      },
    },
  ];
}
