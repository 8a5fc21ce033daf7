import type { Text } from "@cityroot/core/attribute/text";
import { textToJson } from "@cityroot/core/attribute/text";
import { hexToBytes } from "@cityroot/core/hex";
import { keySetField } from "@cityroot/core/operation/key-set-field";
import { decodeHolder } from "@cityroot/core/state/holder";
import { holderKey } from "@cityroot/core/state/key";
import Type, { type Static } from "typebox";
import { answerJson, answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { makeProblem } from "../problem.ts";
import { asOfToJson, momentToJson } from "../read/json.ts";
import { EntryUnreadableError } from "../read/view.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const Params = Type.Object({
  id: Type.String({ pattern: "^[0-9a-fA-F]{40}$", description: "Id of the holder, 40 hexadecimal digits." }),
});

/** `GET /v1/holders/{id}`. */
export function holderRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/holders/:id",
      schema: {
        operationId: "getHolder",
        tags: ["resolve"],
        summary: "Name and keys of an organisation, and a recovery under way",
        params: Params,
        response: {
          200: jsonResponse("HolderAnswer", "The holder."),
          404: problemResponses("NOT_FOUND")[404]!,
          ...problemResponses("PARAMETER_MALFORMED"),
        },
      },
      answer: (request) => {
        const { id } = request.params as Static<typeof Params>;
        const view = context.view();
        const bytes = view.source.get(holderKey(hexToBytes(id)!));
        if (bytes === undefined) {
          const problem = makeProblem("HOLDER_UNKNOWN", `no holder has the id ${id}`, {
            field: "id",
            expected: "the id of a holder that the ledger knows",
            got: id,
          });
          return answerProblem({ ...problem, status: 404 }, view.head);
        }
        const holder = decodeHolder(bytes);
        if (holder === undefined) throw new EntryUnreadableError(`the holder ${id} cannot be read`);
        const { pending } = holder;
        return answerJson(
          {
            id: id.toLowerCase(),
            asOf: asOfToJson(view, context.clock()),
            name: textToJson(holder.name as unknown as Text),
            version: holder.version,
            since: momentToJson(holder.since),
            keys: keySetField.toJson(holder.keys),
            pending:
              pending === null
                ? null
                : {
                    keys: keySetField.toJson(pending.keys),
                    begun: momentToJson(pending.begun),
                    readyAt: new Date(pending.readyAtMs).toISOString(),
                  },
          },
          view.head,
        );
      },
    },
  ];
}
