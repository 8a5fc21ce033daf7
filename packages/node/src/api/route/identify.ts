import {
  allFits,
  type TextIdentificationJson,
  textIdentificationToJson,
} from "@cityroot/codes/carrier/carried-json";
import { VALUE_CHARACTERS_MAX } from "@cityroot/codes/systems/coding-system";
import { identifyValue } from "@cityroot/core/identify-value";
import type { Json } from "@cityroot/core/json";
import { readStem } from "@cityroot/core/proof/aliases";
import { stemOfLegacy } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import Type, { type Static } from "typebox";
import { answerJson, answerProblem } from "../answer.ts";
import type { ApiContext, ApiRoute } from "../context.ts";
import { problemOfRejection } from "../problem.ts";
import { aliasToJson, readAlias, readMeaning } from "../read/alias-json.ts";
import { asOfToJson } from "../read/json.ts";
import type { View } from "../read/view.ts";
import { DAY_PARAMETER, type DayQuery, readDay } from "./aliases.ts";
import { jsonResponse, problemResponses } from "./responses.ts";

const Query = Type.Object(
  {
    value: Type.String({
      minLength: 1,
      maxLength: VALUE_CHARACTERS_MAX,
      description: "A text as it was scanned, typed or pasted.",
      examples: ["91350100M000100Y43"],
    }),
    day: DAY_PARAMETER,
  },
  { additionalProperties: false },
);

/** Claims that are shown for each system that a text fits; `GET /v1/aliases` gives all. */
const CLAIMS_SHOWN = 16;

/** `GET /v1/identify`. */
export function identifyRoutes(context: ApiContext): readonly ApiRoute[] {
  return [
    {
      method: "GET",
      path: "/v1/identify",
      schema: {
        operationId: "identify",
        tags: ["resolve"],
        summary:
          "Which coding systems a text fits and what it carries, what its parts mean, whether its check characters agree, and which code it is an alias of",
        querystring: Query,
        response: {
          200: jsonResponse(
            "IdentifyAnswer",
            "Every system that the text fits, those that it nearly fits, what it carries, and what is claimed of all these.",
          ),
          ...problemResponses("PARAMETER_MALFORMED", "PERSONAL_NUMBER"),
        },
      },
      answer: (request) => {
        const { value, day: asked } = request.query as Static<typeof Query> & DayQuery;
        const nowMs = context.clock();
        const day = readDay(asked, nowMs);
        if (typeof day !== "string") return answerProblem(day);
        const identified = identifyValue(value, new Date(nowMs).getUTCFullYear());
        if (!identified.ok) return answerProblem(problemOfRejection(identified.rejection));
        const found = textIdentificationToJson(identified.value);
        const view = context.view();
        const asOf = asOfToJson(view, nowMs);
        const aliases = aliasesOf(view, found, day);
        return answerJson(
          { ...(found as unknown as { [name: string]: Json }), asOf, day, aliases },
          view.head,
        );
      },
    },
  ];
}

/** What is claimed of a text, and of what it carries, in each system that it fits. */
function aliasesOf(view: View, found: TextIdentificationJson, day: Day): Json {
  return allFits(found).flatMap(({ system, canonical: value }): Json[] => {
    const legacy = { system, value };
    const { entries } = readStem(view.source, stemOfLegacy(legacy), { limit: CLAIMS_SHOWN });
    if (entries.length === 0) return [];
    const claims = entries.map((entry) => aliasToJson(view, readAlias(entry.value)));
    return [{ ...legacy, meaning: readMeaning(view, legacy, day) as Json, aliases: claims }];
  });
}
