import type { FastifyRequest } from "fastify";
import { answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { bytesResponse, problemResponses } from "./responses.ts";

/** `GET /metrics`. */
export function metricsRoutes(context: ApiContext): readonly ApiRoute[] {
  const { metricsFor, metrics } = context;
  const { registry } = metrics;
  return [
    {
      method: "GET",
      path: "/metrics",
      schema: {
        operationId: "getMetrics",
        tags: ["operation"],
        summary: "Figures of this process for Prometheus",
        description:
          "Given to programs of the server's own machine, unless its operator lets everyone have them.",
        response: {
          200: bytesResponse("text/plain", "The Prometheus text format."),
          ...problemResponses("NOT_FOUND"),
        },
      },
      answer: async (request) => {
        if (metricsFor === "loopback" && !isOfThisMachine(request)) {
          return answerProblem(
            makeProblem("NOT_FOUND", "figures are given to this server's own machine alone"),
          );
        }
        return {
          status: 200,
          type: registry.contentType,
          body: await registry.metrics(),
          caching: "never",
        };
      },
    },
  ];
}

/** What a proxy adds to a request that it hands on: it may stand on this machine, and who asked does not. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-real-ip", "via"] as const;

/** Whether a request comes from a program of this machine: over its loopback addresses or a unix socket. */
function isOfThisMachine({ raw }: FastifyRequest): boolean {
  if (PROXY_HEADERS.some((name) => raw.headers[name] !== undefined)) return false;
  const { remoteAddress } = raw.socket;
  return remoteAddress === undefined || /^(?:::1|(?:::ffff:)?127\.[0-9.]+)$/.test(remoteAddress);
}
