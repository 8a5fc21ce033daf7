import Type from "typebox";
import { type EngineStanding, standingOf } from "../../engine/engine-standing.ts";
import { answerJson, answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { asOfToJson } from "../read/json.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

/** `GET /healthz` and `GET /readyz`. */
export function healthRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/healthz",
      schema: {
        operationId: "getHealth",
        tags: ["operation"],
        summary: "The process lives",
        response: {
          200: {
            description: "It does.",
            content: { "application/json": { schema: Type.Object({ status: Type.Literal("ok") }) } },
          },
        },
      },
      answer: () => answerJson({ status: "ok" }),
    },
    {
      method: "GET",
      path: "/readyz",
      schema: {
        operationId: "getReadiness",
        tags: ["operation"],
        summary:
          "The state can be read, of which age it is, whether transactions are taken, and how payloads stand",
        response: {
          200: jsonResponse("ReadyAnswer", "Reads are served."),
          ...problemResponses("READ_ONLY"),
        },
      },
      answer: async () => {
        const { writes, consensus } = await standingOf(context.engine).catch(unreachable);
        // The others go on: what is shown here is older from block to block.
        if (writes !== null && consensus !== null) return answerProblem(makeProblem("READ_ONLY", writes));
        const view = context.view();
        const asOf = asOfToJson(view, context.clock());
        const payloads = context.holdings.counts() ?? null;
        return answerJson({ status: "ready", asOf, writes, payloads }, view.head);
      },
    },
  ];
}

/** How a node stands whose engine does not answer: what is durable can be read. */
function unreachable(cause: Error): EngineStanding {
  return { writes: cause.message, consensus: null };
}
