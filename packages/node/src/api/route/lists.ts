import { standingOf } from "@cityroot/core/operation/standing";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveList } from "@cityroot/core/proof/prove";
import Type, { type Static } from "typebox";
import { answerJson, answerProblem, MEDIA } from "../answer.ts";
import { answerUnissued } from "../code-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { preferredType } from "../negotiate.ts";
import { problemOfCode, problemOfParameter } from "../problem.ts";
import { asOfToJson, listedToJson } from "../read/json.ts";
import { readNearestBelow } from "../read/nearest-below.ts";
import { readPart } from "../read/part.ts";
import { CODE_IN_PATH, codeAfter, readCodeParameter } from "../schema/parameters.ts";
import { problemResponses } from "./responses.ts";

const LISTS_PATH = "/v1/lists/";
const ENTRIES = 100;

/** `GET /v1/lists/{prefix}`. */
export function listRoutes(context: ApiContext): readonly ApiRoute[] {
  const Query = Type.Object(
    {
      after: Type.Optional(Type.String({ maxLength: 256, description: "The code after which to begin." })),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: context.limits.listEntriesMax, default: ENTRIES }),
      ),
      nearest: Type.Optional(
        Type.Boolean({
          description: "Only what has nothing issued between itself and the prefix; cannot be proven.",
        }),
      ),
      proof: Type.Optional(Type.Boolean({ description: "Add the proof that nothing is left out." })),
    },
    { additionalProperties: false },
  );
  return [
    {
      method: "GET",
      path: `${LISTS_PATH}*`,
      rest: "prefix",
      schema: {
        operationId: "getList",
        tags: ["resolve"],
        summary: "What was issued at and below a prefix, in order of the tree",
        description:
          "Asked for `application/vnd.cityroot.proof`, it gives the proof alone: the entries are in it.",
        params: CODE_IN_PATH,
        querystring: Query,
        response: {
          200: {
            description: "A part of the list.",
            content: {
              "application/json": { schema: Type.Ref("ListAnswer") },
              "application/vnd.cityroot.proof": { schema: {} },
            },
          },
          ...problemResponses("CODE_MALFORMED", "PARAMETER_MALFORMED", "SERVED_ELSEWHERE"),
        },
      },
      answer: (request) => {
        const prefix = codeAfter(request.raw.url!, LISTS_PATH);
        if (!prefix.ok) return answerProblem(problemOfCode(prefix.fault));
        const {
          after,
          limit = ENTRIES,
          nearest = false,
          proof = false,
        } = request.query as Static<typeof Query>;
        const from = after === undefined ? undefined : readCodeParameter("after", after);
        if (from !== undefined && "problem" in from) return answerProblem(from.problem);
        const type = preferredType(request.headers.accept, ["application/json", MEDIA.proof]);
        const proves = proof || type === MEDIA.proof;
        if (proves && nearest) {
          return answerProblem(problemOfParameter("nearest", "false where a proof is asked for", "true"));
        }
        const view = context.view();
        const limits = { limit, bytesMax: context.limits.partBytesMax };
        const part = { ...limits, ...(from !== undefined && { after: from.code }) };
        const bundle = proves
          ? encodeBundle(proveList(view.source, prefix.value, view.head, part).bundle)
          : undefined;
        if (bundle !== undefined && type === MEDIA.proof) {
          return { status: 200, type: MEDIA.proof, body: bundle, caching: "never", head: view.head };
        }
        const proofMember = bundle !== undefined && { proof: Buffer.from(bundle).toString("base64") };
        // An empty list would say that nothing was issued there, which only the other network can say.
        const standing = standingOf(view.source, prefix.value);
        if (standing.kind === "federated") {
          return answerUnissued(view, prefix.value, standing, { ...proofMember });
        }
        const read = nearest ? readNearestBelow : readPart;
        const { entries, next } = read(view.source, prefix.value, limits, from?.code);
        return answerJson(
          {
            prefix: prefix.value,
            asOf: asOfToJson(view, context.clock()),
            entries: entries.map((entry) => listedToJson(view, entry)),
            next,
            ...proofMember,
          },
          view.head,
        );
      },
    },
  ];
}
