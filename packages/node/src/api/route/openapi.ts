import type { Json } from "@cityroot/core/json";
import { answerJson } from "../answer.ts";
import type { ApiRoute } from "../context.ts";

/** `GET /openapi.json`. */
export function openApiRoutes(read: () => Json): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/openapi.json",
      schema: {
        operationId: "getOpenApi",
        tags: ["registry"],
        summary: "This document",
        response: {
          200: {
            description: "OpenAPI 3.1.",
            content: { "application/json": { schema: { type: "object", additionalProperties: true } } },
          },
        },
      },
      answer: () => answerJson(read()),
    },
  ];
}
