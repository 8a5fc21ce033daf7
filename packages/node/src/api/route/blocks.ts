import Type, { type Static } from "typebox";
import { answerProblem, MEDIA } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { bytesResponse, problemResponses } from "./responses.ts";

const Params = Type.Object({
  height: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "Height of the block." }),
});

/** `GET /v1/blocks/{height}`. */
export function blockRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/blocks/:height",
      schema: {
        operationId: "getBlock",
        tags: ["registry"],
        summary: "A block with its transactions and their results",
        params: Params,
        response: {
          200: bytesResponse(MEDIA.cbor, "The block, spec 8.2. It never changes."),
          ...problemResponses("PARAMETER_MALFORMED", "NOT_FOUND"),
        },
      },
      answer: (request) => {
        const { height } = request.params as Static<typeof Params>;
        const view = context.view();
        const newest = view.head.checkpoint.height;
        const body = height > newest ? undefined : context.reader.block(height);
        if (body === undefined) {
          const problem = makeProblem("NOT_FOUND", `there is no block ${height}; the newest is ${newest}`, {
            field: "height",
            expected: `at most ${newest}`,
            got: String(height),
          });
          return answerProblem(problem, view.head);
        }
        return { status: 200, type: MEDIA.cbor, body, caching: "forever" };
      },
    },
  ];
}
