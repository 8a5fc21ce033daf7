import { assert } from "@cityroot/core/assert";
import { decodeBlock } from "@cityroot/core/block";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { NEWEST_PROTOCOL } from "@cityroot/core/protocol-rules";
import { changeAfter, protocolAt, readParameters } from "@cityroot/core/state/parameters";
import { readValidators, type Validator } from "@cityroot/core/state/validators";
import Type, { type Static } from "typebox";
import { type ConsensusStanding, type EngineStanding, standingOf } from "../../engine/engine-standing.ts";
import { openAdmission } from "../admission.ts";
import { answerJson, answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { asOfToJson } from "../read/json.ts";
import type { View } from "../read/view.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const Query = Type.Object(
  {
    height: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "The block whose state root is asked for; the one that answers are as of when absent.",
      }),
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/network/status`. */
export function networkStatusRoutes(context: ApiContext): readonly ApiRoute[] {
  const room = openAdmission(context.limits.consensusQuestionsMax, Number.POSITIVE_INFINITY);
  return [
    {
      method: "GET",
      path: "/v1/network/status",
      admit: (_request, body) =>
        room.receive(0, body) ?? answerProblem(makeProblem("OVERLOADED", "too many ask how the node stands")),
      schema: {
        operationId: "getNetworkStatus",
        tags: ["operation"],
        summary:
          "How this node stands in its network: height, peers, whether it validates, and a state root to compare",
        querystring: Query,
        response: {
          200: jsonResponse("NetworkStatusAnswer", "The status. Of the consensus it is up to a second old."),
          ...problemResponses("PARAMETER_MALFORMED", "OVERLOADED", "UNAVAILABLE"),
        },
      },
      answer: async (request) => {
        const standing = await standingOf(context.engine);
        const { height } = request.query as Static<typeof Query>;
        const view = context.view();
        return answerJson(statusOf(context, view, standing, height), view.head);
      },
    },
  ];
}

function statusOf(
  { reader, clock }: ApiContext,
  view: View,
  { writes, consensus }: EngineStanding,
  height: number | undefined,
): Json {
  const validators = readValidators(view.source);
  return {
    network: reader.network.id,
    asOf: asOfToJson(view, clock()),
    newest: reader.newest().height,
    block: blockOf(view, height ?? view.head.checkpoint.height),
    writes,
    validator: nameOf(validators, consensus),
    protocol: protocolOf(view),
    totalPower: validators.reduce((sum, { power }) => sum + power, 0),
    consensus:
      consensus === null || !consensus.answers ? consensus : { ...consensus, peers: [...consensus.peers] },
  };
}

/** What the node's program knows of the protocol, beside what the network needs of it. */
function protocolOf({ head, source }: View): Json {
  const parameters = readParameters(source);
  const height = head.checkpoint.height + 1;
  const next = changeAfter(parameters, height);
  return {
    ...{ decides: protocolAt(parameters, height), knows: NEWEST_PROTOCOL },
    next: next === null ? null : { ...next },
  };
}

function blockOf({ head, reader }: View, height: number): Json {
  const { checkpoint } = head;
  if (height === checkpoint.height) return { height, stateRoot: bytesToHex(checkpoint.stateRoot) };
  const bytes = height > checkpoint.height ? undefined : reader.block(height);
  if (bytes === undefined) return null;
  const block = decodeBlock(bytes);
  assert(block !== undefined, "a stored block can be read");
  return { height, stateRoot: bytesToHex(block.stateRoot) };
}

function nameOf(validators: readonly Validator[], consensus: ConsensusStanding | null): string | null {
  if (consensus === null || !consensus.answers) return null;
  const { publicKey } = consensus;
  return validators.find((validator) => bytesToHex(validator.publicKey) === publicKey)?.name ?? null;
}
