import Type from "typebox";
import { answerJson } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
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
        response: { 200: jsonResponse("ReadyAnswer", "Reads are served."), ...problemResponses() },
      },
      answer: () => {
        const view = context.view();
        const asOf = asOfToJson(view, context.clock());
        const payloads = context.holdings.counts() ?? null;
        const writes = context.engine.refusesBecause();
        return answerJson({ status: "ready", asOf, writes, payloads }, view.head);
      },
    },
  ];
}
