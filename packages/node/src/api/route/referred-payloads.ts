import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import Type, { type Static } from "typebox";
import { answerJson } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const PAYLOADS_MAX = 1_000;
const PAYLOADS = 100;

const Query = Type.Object(
  {
    after: Type.Optional(
      Type.String({ pattern: "^[0-9a-fA-F]{64}$", description: "The digest after which to begin." }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAYLOADS_MAX, default: PAYLOADS })),
  },
  { additionalProperties: false },
);

/** `GET /v1/payloads`. */
export function referredPayloadRoutes({ holdings }: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/payloads",
      schema: {
        operationId: "listPayloads",
        tags: ["operation"],
        summary: "The payloads that the ledger refers to, and how they stand on this node",
        description:
          "In order of digest. What stands here was found when it was looked at last: asking reads no payload.",
        querystring: Query,
        response: {
          200: jsonResponse("PayloadListAnswer", "A part of the list."),
          ...problemResponses("PARAMETER_MALFORMED"),
        },
      },
      answer: (request) => {
        const { after, limit = PAYLOADS } = request.query as Static<typeof Query>;
        const rows = holdings.list(after === undefined ? undefined : hexToBytes(after), limit + 1);
        const part = rows.slice(0, limit);
        return answerJson({
          height: holdings.counts()?.height ?? null,
          payloads: part.map(({ payload, standing, checkedMs }) => ({
            digest: bytesToHex(payload.digest),
            sizeBytes: payload.sizeBytes,
            root: bytesToHex(payload.root),
            count: payload.count,
            first: payload.first,
            last: payload.last,
            standing,
            checked: checkedMs === 0 ? null : new Date(checkedMs).toISOString(),
          })),
          next: rows.length > limit ? bytesToHex(part.at(-1)!.payload.digest) : null,
        });
      },
    },
  ];
}
