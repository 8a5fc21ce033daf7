import { REJECTIONS, type RejectionName } from "@cityroot/core/rejection";
import Type, { type Static } from "typebox";
import { answerJson, answerProblem } from "../answer.ts";
import type { ApiRoute } from "../context.ts";
import { API_PROBLEMS, kindOfProblem, makeProblem, PROBLEM_PATH, type ProblemName } from "../problem.ts";
import { problemResponses } from "./responses.ts";

const Params = Type.Object({ name: Type.String({ pattern: "^[A-Z_]{1,64}$" }) });

/** `GET /problems/{name}`: what a problem's `type` leads to. */
export function problemRoutes(): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: `${PROBLEM_PATH}:name`,
      schema: {
        operationId: "getProblem",
        tags: ["registry"],
        summary: "What a problem's name means",
        params: Params,
        response: {
          200: {
            description: "The problem.",
            content: {
              "application/json": {
                schema: Type.Object(
                  {
                    code: Type.String(),
                    title: Type.String(),
                    status: Type.Integer(),
                    number: Type.Union([Type.Integer(), Type.Null()]),
                  },
                  { additionalProperties: false },
                ),
              },
            },
          },
          ...problemResponses("PARAMETER_MALFORMED", "NOT_FOUND"),
        },
      },
      answer: (request) => {
        const { name } = request.params as Static<typeof Params>;
        if (!isProblemName(name))
          return answerProblem(makeProblem("NOT_FOUND", `no problem has the name ${name}`));
        const { status, title, number = null } = kindOfProblem(name);
        return answerJson({ code: name, title, status, number });
      },
    },
  ];
}

function isProblemName(name: string): name is ProblemName {
  const protocol: { readonly [rejection in RejectionName]: unknown } = REJECTIONS;
  return Object.hasOwn(protocol, name) || Object.hasOwn(API_PROBLEMS, name);
}
