import { bytesToHex } from "@cityroot/core/hex";
import { answerJson, answerProblem } from "../answer.ts";
import { answerUnissued, isIssued } from "../code-answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem, problemOfCode } from "../problem.ts";
import { asOfToJson, intervalToJson } from "../read/json.ts";
import { readStanding } from "../read/standing.ts";
import { CODE_IN_PATH, codeAfter } from "../schema/parameters.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const ITEMS_PATH = "/v1/items/";

/** `GET /v1/items/{code}`. */
export function itemRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: `${ITEMS_PATH}*`,
      rest: "code",
      schema: {
        operationId: "getItem",
        tags: ["resolve"],
        summary:
          "The item of a batch with its way to the root: what the first operation on it alone has to carry",
        params: CODE_IN_PATH,
        response: {
          200: jsonResponse("ItemAnswer", "The item."),
          ...problemResponses("CODE_MALFORMED", "CODE_NEVER_ISSUED", "SERVED_ELSEWHERE", "NOT_A_BATCH_ITEM"),
        },
      },
      answer: (request) => {
        const code = codeAfter(request.raw.url!, ITEMS_PATH);
        if (!code.ok) return answerProblem(problemOfCode(code.fault));
        const view = context.view();
        const standing = readStanding(view, code.value);
        if (!isIssued(standing)) return answerUnissued(view, code.value, standing);
        if (standing.kind !== "in-batch") {
          const detail =
            standing.kind === "record"
              ? `${code.value} has a record of its own: operations on it need no item`
              : `${code.value} is one of a range: operations on it need no item`;
          return answerProblem(makeProblem("NOT_A_BATCH_ITEM", detail), view.head);
        }
        const { item, index, path } = standing.item;
        return answerJson(
          {
            code: code.value,
            asOf: asOfToJson(view, context.clock()),
            batch: intervalToJson(standing.interval),
            item: Buffer.from(item).toString("base64"),
            index,
            path: path.map(bytesToHex),
          },
          view.head,
        );
      },
    },
  ];
}
