import type { ApiContext, ApiRoute } from "../context.ts";
import { bytesResponse } from "./responses.ts";

/** `GET /metrics`. */
export function metricsRoutes(context: ApiContext): readonly ApiRoute[] {
  const { registry } = context.metrics;
  return [
    {
      method: "GET",
      path: "/metrics",
      schema: {
        operationId: "getMetrics",
        tags: ["operation"],
        summary: "Figures of this process for Prometheus",
        response: { 200: bytesResponse("text/plain", "The Prometheus text format.") },
      },
      answer: async () => ({
        status: 200,
        type: registry.contentType,
        body: await registry.metrics(),
        caching: "never",
      }),
    },
  ];
}
