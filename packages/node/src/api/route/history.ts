import Type, { type Static } from "typebox";
import { answerJson, answerProblem } from "../answer.ts";
import { answerUnissued, isIssued } from "../code-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { problemOfCode } from "../problem.ts";
import { readVersions } from "../read/history.ts";
import { asOfToJson, recordToJson } from "../read/json.ts";
import { readStanding } from "../read/standing.ts";
import { CODE_IN_PATH, codeAfter } from "../schema/parameters.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const HISTORY_PATH = "/v1/history/";
const VERSIONS = 100;

/** `GET /v1/history/{code}`. */
export function historyRoutes(context: ApiContext): readonly ApiRoute[] {
  const Query = Type.Object(
    {
      before: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          description: "Only versions below this.",
        }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: context.limits.historyVersionsMax, default: VERSIONS }),
      ),
    },
    { additionalProperties: false },
  );
  return [
    {
      method: "GET",
      path: `${HISTORY_PATH}*`,
      rest: "code",
      schema: {
        operationId: "getHistory",
        tags: ["resolve"],
        summary: "Every version of a code's record, newest first",
        params: CODE_IN_PATH,
        querystring: Query,
        response: {
          200: jsonResponse("HistoryAnswer", "A part of the history."),
          ...problemResponses(
            "CODE_MALFORMED",
            "PARAMETER_MALFORMED",
            "CODE_NEVER_ISSUED",
            "SERVED_ELSEWHERE",
          ),
        },
      },
      answer: (request) => {
        const code = codeAfter(request.raw.url!, HISTORY_PATH);
        if (!code.ok) return answerProblem(problemOfCode(code.fault));
        const { before, limit = VERSIONS } = request.query as Static<typeof Query>;
        const view = context.view();
        const standing = readStanding(view, code.value);
        if (!isIssued(standing)) return answerUnissued(view, code.value, standing);
        const { records, next } = readVersions(view, code.value, standing, {
          limit,
          bytesMax: context.limits.partBytesMax,
          before,
        });
        const newest = standing.record.version;
        return answerJson(
          {
            code: code.value,
            asOf: asOfToJson(view, context.clock()),
            versions: records.map((record) => recordToJson(view, record, record.version === newest)),
            next,
          },
          view.head,
        );
      },
    },
  ];
}
