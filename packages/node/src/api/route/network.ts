import { encodeCbor } from "@cityroot/core/cbor";
import { genesisToCbor, genesisToJson } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { protocolAt, readParameters } from "@cityroot/core/state/parameters";
import Type from "typebox";
import { answerJson, MEDIA, timeText } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { preferredType } from "../negotiate.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

/** `GET /v1/network` and `GET /v1/genesis`. */
export function networkRoutes(context: ApiContext): readonly ApiRoute[] {
  const { reader } = context;
  return [
    {
      method: "GET",
      path: "/v1/network",
      schema: {
        operationId: "getNetwork",
        tags: ["registry"],
        summary: "Which registry this is, where it stands, and whose signatures to trust",
        response: { 200: jsonResponse("NetworkAnswer", "The network."), ...problemResponses() },
      },
      answer: () => {
        const view = context.view();
        const { origin, height, timeMs } = view.head.checkpoint;
        const { id, genesis } = reader.network;
        const protocol = protocolAt(readParameters(view.source), height + 1);
        const { policy } = reader;
        return answerJson(
          {
            id,
            genesis: bytesToHex(genesis),
            protocol,
            origin,
            height,
            time: timeText(timeMs),
            policy: { ...policy, logKeys: [...policy.logKeys], witnesses: [...policy.witnesses] },
          },
          view.head,
        );
      },
    },
    {
      method: "GET",
      path: "/v1/genesis",
      schema: {
        operationId: "getGenesis",
        tags: ["registry"],
        summary: "What the network began with; asked for `application/cbor`, the bytes whose digest names it",
        response: {
          200: {
            description: "The genesis.",
            content: {
              "application/json": { schema: Type.Object({}, { additionalProperties: true }) },
              "application/cbor": { schema: {} },
            },
          },
        },
      },
      answer: (request) => {
        if (preferredType(request.headers.accept, ["application/json", MEDIA.cbor]) !== MEDIA.cbor) {
          return { ...answerJson(genesisToJson(reader.genesis)), headers: { vary: "accept" } };
        }
        const body = encodeCbor(genesisToCbor(reader.genesis));
        return { status: 200, type: MEDIA.cbor, body, caching: "never", headers: { vary: "accept" } };
      },
    },
  ];
}
