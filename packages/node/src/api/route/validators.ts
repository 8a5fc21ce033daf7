import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { governingPrefix } from "@cityroot/core/operation/governor";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveGovernance } from "@cityroot/core/proof/governance";
import { PARAMETERS_KEY, VALIDATORS_KEY } from "@cityroot/core/state/key";
import { changeAfter, decodeParameters, protocolAt, readParameters } from "@cityroot/core/state/parameters";
import { addressOf, decodeValidators, type Validator } from "@cityroot/core/state/validators";
import Type, { type Static } from "typebox";
import { answerJson, MEDIA } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { preferredType } from "../negotiate.ts";
import { asOfToJson, momentToJson } from "../read/json.ts";
import { misbehaviourToJson, readMisbehaviour } from "../read/misbehaviour.ts";
import { EntryUnreadableError, type View } from "../read/view.ts";
import { problemResponses } from "./responses.ts";

/** How many misbehaviours a part has where nothing else is asked for, and at most. */
const MISBEHAVIOURS = 100;
const MISBEHAVIOURS_MAX = 1_000;

const Query = Type.Object(
  {
    before: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "Only misbehaviour that blocks below this height recorded.",
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MISBEHAVIOURS_MAX,
        default: MISBEHAVIOURS,
        description: "How many misbehaviours; those of the last block come whole.",
      }),
    ),
  },
  { additionalProperties: false },
);

/** `GET /v1/network/validators`. */
export function validatorRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/network/validators",
      schema: {
        operationId: "getValidators",
        tags: ["registry"],
        summary: "Who decides on the network's blocks and over the network, and what its validators did",
        description:
          "Asked for `application/vnd.cityroot.proof`, it gives the proof of validators and parameters alone, spec 5.18.",
        querystring: Query,
        response: {
          200: {
            description: "The validators.",
            content: {
              "application/json": { schema: Type.Ref("ValidatorsAnswer") },
              "application/vnd.cityroot.proof": { schema: {} },
            },
          },
          ...problemResponses("PARAMETER_MALFORMED"),
        },
      },
      answer: (request) => {
        const { before = Number.MAX_SAFE_INTEGER, limit = MISBEHAVIOURS } = request.query as Static<
          typeof Query
        >;
        const view = context.view();
        if (preferredType(request.headers.accept, ["application/json", MEDIA.proof]) === MEDIA.proof) {
          const body = encodeBundle(proveGovernance(view.source, view.head));
          return { status: 200, type: MEDIA.proof, body, caching: "never", head: view.head };
        }
        const { list, next } = readMisbehaviour(view, limit, before);
        return answerJson(
          {
            asOf: asOfToJson(view, context.clock()),
            governor: governingPrefix(view.source),
            ...validatorsToJson(view),
            parameters: parametersToJson(view),
            misbehaviour: list.map(misbehaviourToJson),
            next,
          },
          view.head,
        );
      },
    },
  ];
}

function validatorsToJson(view: View): { readonly validators: Json; readonly since: Json } {
  const bytes = view.source.get(VALIDATORS_KEY);
  if (bytes === undefined) return { validators: [], since: null };
  const entry = decodeValidators(bytes);
  if (entry === undefined) throw new EntryUnreadableError("the validators cannot be read");
  return { validators: entry.validators.map(validatorToJson), since: momentToJson(entry.since) };
}

function validatorToJson({ name, publicKey, power }: Validator): Json {
  return { name, publicKey: bytesToHex(publicKey), address: bytesToHex(addressOf(publicKey)), power };
}

function parametersToJson(view: View): Json {
  const bytes = view.source.get(PARAMETERS_KEY);
  const entry = bytes === undefined ? undefined : decodeParameters(bytes);
  if (bytes !== undefined && entry === undefined)
    throw new EntryUnreadableError("the parameters cannot be read");
  const parameters = readParameters(view.source);
  const height = view.head.checkpoint.height + 1;
  const protocol = protocolAt(parameters, height);
  const next = changeAfter(parameters, height);
  const { blockBytesMax, blockTransactionsMax } = parameters;
  return {
    ...{ blockBytesMax, blockTransactionsMax, protocol },
    next: next === null ? null : { ...next },
    since: entry === undefined ? null : momentToJson(entry.since),
  };
}
